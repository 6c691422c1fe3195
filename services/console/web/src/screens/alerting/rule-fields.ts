import type { AlertRule } from '@keyturn/contracts';
import type { Draft } from './draft.ts';

/** What is looked for. */
export type RuleKind = AlertRule['kind'];
/** How a field is filled in. */
export type Row = 'number' | 'signals' | 'numbers' | 'categories' | 'time' | 'zone';
const onNumbers = ['when.phoneNumberIds', 'numbers'] as const;

/** What each kind of rule asks beyond what all ask. */
export const conditionsOf: Readonly<Record<RuleKind, readonly (readonly [path: string, row: Row])[]>> = {
  identity_changes: [
    ['when.signals', 'signals'],
    ['when.optedInTo', 'categories'],
    onNumbers,
    ['when.atLeast', 'number'],
    ['when.undecidedForMinutes', 'number'],
  ],
  numbers: [onNumbers],
  coverage: [onNumbers],
  late: [['when.seconds', 'number']],
  dead_letters: [['when.atLeast', 'number']],
  ungated: [onNumbers, ['when.atLeast', 'number']],
  no_webhooks: [
    ['when.minutes', 'number'],
    ['when.atLeast', 'number'],
  ],
  route_failing: [],
  digest: [
    ['at', 'time'],
    ['timeZone', 'zone'],
  ],
};
/** All kinds, as one would ask for them. */
export const ruleKinds = Object.keys(conditionsOf) as RuleKind[];

/** What the API takes where nothing is said: how long it must last, and how bad it is. */
const usual: Readonly<Record<Exclude<RuleKind, 'digest'>, readonly [waitSeconds: string, severity: string]>> = {
  identity_changes: ['20', 'critical'],
  numbers: ['0', 'error'],
  coverage: ['300', 'error'],
  late: ['60', 'critical'],
  dead_letters: ['0', 'error'],
  ungated: ['0', 'error'],
  no_webhooks: ['0', 'critical'],
  route_failing: ['300', 'error'],
};
const usualNumbers: Readonly<Record<string, string>> = {
  ...{ 'when.atLeast': '1', 'when.undecidedForMinutes': '0', 'when.seconds': '120', 'when.minutes': '15' },
};
/** What so many webhooks in that time are: where fewer are usual, their absence says nothing. */
const USUAL_WEBHOOKS = '20';

/** A rule of a kind before anybody said anything: as the API would take it. */
export function newRule(kind: RuleKind, timeZone: string): Draft {
  const begun = { kind, name: kind.replaceAll('_', '-'), isOn: true, routes: [] };
  if (kind === 'digest') return { ...begun, at: '08:00', timeZone };
  const [waitSeconds, severity] = usual[kind];
  const conditions = conditionsOf[kind].map(([path]) => [path, usualNumbers[path] ?? []] as const);
  if (kind === 'no_webhooks') conditions.splice(1, 1, ['when.atLeast', USUAL_WEBHOOKS] as const);
  return { ...begun, severity, waitSeconds, updateMinutes: '30', repageMinutes: '5', ...Object.fromEntries(conditions) };
}

/** A rule that is there, with a place for each condition that it lacks. */
export const shownRule = (kind: RuleKind, draft: Draft): Draft => ({
  ...Object.fromEntries(
    conditionsOf[kind].flatMap(([path, row]) => (row === 'number' || row === 'time' || row === 'zone' ? [] : [[path, []]])),
  ),
  ...draft,
});
