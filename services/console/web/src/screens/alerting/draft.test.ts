import { describe, expect, it } from '@jest/globals';
import { AlertRoute, AlertRule } from '@keyturn/contracts';
import { type Draft, draftOf, onTop, settingOf, stepsIn, withoutStep, withStep } from './draft.ts';
import { faultsOf } from './faults.ts';
import { newRoute, routeKinds, secretOf, shownRoute } from './route-fields.ts';
import { newRule, ruleKinds, shownRule } from './rule-fields.ts';

const KEY = 'a'.repeat(32);
const routes = {
  slack: { kind: 'slack', name: 'a', url: 'https://hooks.example/x' },
  pagerduty: { kind: 'pagerduty', name: 'b', routingKey: KEY, language: 'ar' },
  email: { kind: 'email', name: 'c', to: ['ada@example.com', 'grace@example.com'] },
  webhook: { kind: 'webhook', name: 'd', url: 'https://example.com/x?y=1', secretVersion: 3 },
} as const;
const full = {
  ...{
    kind: 'identity_changes',
    name: 'all-of-it',
    routes: ['a', 'b'],
    severity: 'warning',
    isOn: false,
    waitSeconds: 0,
    repageMinutes: 0,
  },
  when: { signals: ['hash', 'bsuid'], phoneNumberIds: ['100000000000001'], optedInTo: ['marketing'], atLeast: 7, undecidedForMinutes: 30 },
  escalate: [
    { afterMinutes: 15, routes: ['c'] },
    { afterMinutes: 60, routes: ['d', 'a'] },
  ],
} as const;
const aProblem = (errors: unknown) => ({ type: '', title: '', status: 422, code: 'request.invalid', detail: '', errors });

describe('a form', () => {
  it.each([
    full,
    ...ruleKinds.map((kind) => ({ kind, name: kind.replaceAll('_', '-'), routes: ['a'], ...(kind === 'digest' ? { at: '08:00' } : {}) })),
  ])('saved as it was opened changes nothing of rule %#', (written) => {
    const rule = AlertRule.parse(written);
    expect(AlertRule.parse(settingOf(shownRule(rule.kind, draftOf(rule))))).toEqual(rule);
  });
  it.each(ruleKinds)('of a new rule of kind %s begins as the API would take it', (kind) => {
    const begun: Draft = { ...newRule(kind, 'UTC'), routes: ['a'] };
    const bare = { kind, name: begun.name, routes: ['a'], ...(kind === 'digest' ? { at: '08:00' } : {}) };
    expect(AlertRule.parse(settingOf(begun))).toEqual(AlertRule.parse(bare));
  });
  it.each(routeKinds)('of a route of kind %s keeps all but the secret, which stays where it is', (kind) => {
    const route = AlertRoute.parse(routes[kind]);
    const { [secretOf[kind] ?? '']: _secret, ...rest } = route as Record<string, unknown>;
    expect(settingOf(shownRoute(kind, draftOf(rest)))).toEqual(rest);
    expect(AlertRoute.parse(settingOf({ ...newRoute(kind, route.language), ...draftOf(route) }))).toEqual(route);
  });
  it.each([
    ['٣٠', 30],
    [' 5 ', 5],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['12345678901', null],
  ])('reads %j as the number %j', (typed, waitSeconds) => expect(settingOf({ waitSeconds: typed })).toEqual({ waitSeconds }));
  it('reads addresses however they are set apart', () =>
    expect(settingOf({ to: ' a@example.com,b@example.com\n\nc@example.com; ' })).toEqual({
      to: ['a@example.com', 'b@example.com', 'c@example.com'],
    }));
});

describe('steps of escalation', () => {
  const three = withStep(withStep(withStep(draftOf({ routes: ['a'], escalate: [] }))));
  it('come one after the other, each later', () => {
    expect(stepsIn(three)).toBe(3);
    expect(['0', '1', '2'].map((i) => three[`escalate.${i}.afterMinutes`])).toEqual(['15', '30', '45']);
  });
  it.each([0, 1, 2])('without step %i the others stand in order', (at) => {
    const { escalate } = settingOf(withoutStep(three, at)) as { escalate: { afterMinutes: number }[] };
    expect(escalate.map(({ afterMinutes }) => afterMinutes)).toEqual([15, 30, 45].filter((_, i) => i !== at));
  });
});

const twoSteps = withStep(withStep(draftOf({ severity: 'error', escalate: [] })));
it('of two who change the escalation the one here keeps all its steps', () => {
  const mine = { ...twoSteps, 'escalate.1.afterMinutes': '60' };
  expect(onTop(twoSteps, mine, withoutStep(twoSteps, 0))).toEqual(mine);
});
describe('what I changed, on top of what somebody else set meanwhile', () => {
  const began: Draft = { severity: 'error', waitSeconds: '0', routes: ['a'] };
  it.each<[string, Draft, Draft, Draft]>([
    ['keeps both', { ...began, severity: 'info' }, { ...began, routes: ['b'] }, { ...began, severity: 'info', routes: ['b'] }],
    [
      'keeps mine where both changed one',
      { ...began, severity: 'info' },
      { ...began, severity: 'critical' },
      { ...began, severity: 'info' },
    ],
    ['takes theirs where I changed nothing', began, { ...began, waitSeconds: '9' }, { ...began, waitSeconds: '9' }],
    ['takes their steps whole', began, withStep(began), withStep(began)],
    [
      'keeps my steps whole',
      withStep(withStep(began)),
      withStep({ ...began, severity: 'info' }),
      withStep(withStep({ ...began, severity: 'info' })),
    ],
  ])('%s', (_guarantee, mine, theirs, merged) => expect(onTop(began, mine, theirs)).toEqual(merged));
});

it.each([
  [[{ field: 'rule.when.atLeast', rule: 'x' }], { 'when.atLeast': '' }],
  [[{ field: 'route.to.3', rule: 'x' }], { to: '' }],
  [[{ field: 'escalate.1.routes.0', rule: 'x', code: 'no_such_route' }], { 'escalate.1.routes': 'no_such_route' }],
  [[{ field: 'escalate.1.afterMinutes', rule: 'x' }], { 'escalate.1.afterMinutes': '' }],
  [[{ field: 'escalate.5' }, { field: 'name', code: 'taken' }], { escalate: '', name: 'taken' }],
  [undefined, {}],
])('of the refusal %j each fault stands at its field', (errors, faults) => expect(faultsOf(aProblem(errors))).toEqual(faults));
