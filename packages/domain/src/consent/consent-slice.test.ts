import { expect, it } from '@jest/globals';
import { ConsentFact, ConsentView } from '@keyturn/contracts';
import {
  emptyWorld,
  message,
  numberMoved,
  preference,
  regroupAll,
  status,
  storedOf,
  takeAll,
  viewsOf,
  whereabouts,
} from '../contact/slice-world.fixture.ts';
import type { Resolved } from '../slice.ts';
import { consentSlice, type LedgerRow, recordConsent } from './consent-slice.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const worldAfter = (...items: readonly Resolved[]) => takeAll(consentSlice, emptyWorld(consentSlice.empty, ['c1', 'c2']), items);
const stateAfter = (...items: readonly Resolved[]) => worldAfter(...items).get('c1')?.state ?? consentSlice.empty;
const marketingAfter = (...items: readonly Resolved[]) => consentSlice.view(stateAfter(...items), 1).marketing;
const outcome = (before: readonly Resolved[], item: Resolved) => {
  const decision = consentSlice.decide(storedOf(stateAfter(...before)), item);
  return decision.kind === 'apply' ? decision.told.map(({ type }) => type).join() : decision.kind === 'skip' ? decision.reason : 'touch';
};
const stop = (when: number) => preference({ at: when, occurredAt: at(when) });
const resume = (when: number) => preference({ at: when, occurredAt: at(when), preference: 'resume' });
const wrote = (when: number, item: Parameters<typeof message>[0] = {}) => message({ ...item, at: when, occurredAt: at(when) });
const none = { status: 'none', source: null, occurredAt: null };

it('a thread that the customer starts opts in to all but marketing', () => {
  const view = consentSlice.view(stateAfter(wrote(100)), 1);
  const optedIn = { status: 'opted_in', source: 'customer_thread', occurredAt: at(100) };
  expect(view).toEqual({ marketing: none, utility: optedIn, authentication: optedIn, service: optedIn });
  expect(ConsentView.parse(view)).toEqual(view);
});

it.each([
  ['the first thread is told', [], wrote(100), 'consent.status_changed'],
  ['an earlier one is a row of the ledger', [wrote(100)], wrote(50), 'consent.recorded'],
  ['a later one only moves times', [wrote(100)], wrote(200), 'touch'],
  ['the same again changes nothing', [wrote(100)], wrote(100), 'seen_before'],
  ['the first one by an ad is a row of its own', [wrote(100)], wrote(200, { referral: { sourceType: 'ad' } }), 'consent.recorded'],
  ['a stop is told', [wrote(100)], stop(200), 'consent.status_changed'],
  ['a second stop is a row of the ledger', [stop(200)], stop(300), 'consent.recorded'],
  ['the same stop again changes nothing', [stop(200)], stop(200), 'seen_before'],
  ['a stop that was overtaken is a row of the ledger', [resume(300)], stop(200), 'consent.recorded'],
  ['a resumption is told', [stop(200)], resume(300), 'consent.status_changed'],
  ['a reply says nothing', [], wrote(100, { replyTo: { wamid: 'w', author: 'business' } }), 'reply_to_business'],
  ['a flagged stop decides nothing', [], preference({ flags: ['time_impossible'] }), 'flagged'],
] as const)('%s', (_guarantee, before, item, expected) => expect(outcome(before, item)).toBe(expected));

it.each([
  ['a later message does not undo a stop (trap 41)', [stop(100), wrote(200), wrote(300)], 'opted_out'],
  ['a resumption does', [stop(100), resume(200)], 'opted_in'],
  ['an earlier resumption does not', [stop(200), resume(100)], 'opted_out'],
  ['a stop and a resumption in one second is a stop (trap 43)', [resume(100), stop(100)], 'opted_out'],
  ['the latest of several in one body wins (trap 43)', [resume(300), stop(200), stop(100)], 'opted_in'],
  ['an ad opts in to no marketing', [wrote(100, { referral: { sourceType: 'ad' } })], 'none'],
  [
    'a failed send says that marketing is stopped (trap 42)',
    [resume(100), status({ at: 200, occurredAt: at(200), errorCodes: [131050] })],
    'opted_out',
  ],
] as const)('%s', (_guarantee, items, expected) => {
  expect(marketingAfter(...items).status).toBe(expected);
  expect(marketingAfter(...items.toReversed()).status).toBe(expected);
});

it('a status shows what made it: the latest stop or explicit opt-in, else the first thread', () => {
  expect(marketingAfter(stop(100), stop(300), wrote(400, { optOut: 'keyword' }))).toEqual({
    status: 'opted_out',
    source: 'opt_out_message',
    occurredAt: at(400),
  });
  expect(marketingAfter(stop(100), resume(300), resume(200))).toEqual({ status: 'opted_in', source: 'platform', occurredAt: at(300) });
  expect(consentSlice.view(stateAfter(wrote(300), wrote(200)), 1).service.occurredAt).toBe(at(200));
});

it('what is told carries the ledger row for everybody, and for the repository under which identifier it stands', () => {
  const item = wrote(100);
  const decision = consentSlice.decide(storedOf(consentSlice.empty), item);
  const told = decision.kind === 'apply' ? decision.told : [];
  const fact = {
    kind: 'thread',
    categories: ['utility', 'authentication', 'service'],
    source: 'customer_thread',
    evidence: { wamid: 'wamid.in', messageType: 'text', webhookId: 'body', path: '/entry/0' },
    occurredAt: at(100),
  };
  expect(told).toEqual([{ type: 'consent.status_changed', fields: { fact }, ledger: { factId: item.id, as: 'w:1', on: 'P1', fact } }]);
  expect(ConsentFact.parse(fact)).toEqual(fact);
});

const webForm = (categories: LedgerRow['fact']['categories']): LedgerRow => ({
  factId: 'f1',
  as: 'w:1',
  on: null,
  fact: { kind: 'explicit', categories, source: 'web_form', evidence: { url: 'https://shop.example/opt-in' }, occurredAt: at(500) },
});

it('a fact of any source counts for the categories that it names', () => {
  const decision = recordConsent(storedOf(stateAfter(stop(100))), webForm(['marketing', 'utility']));
  const view = decision.kind === 'apply' ? consentSlice.view(decision.state, 1) : null;
  expect(view).toMatchObject({
    marketing: { status: 'opted_in', source: 'web_form' },
    utility: { status: 'opted_in' },
    service: { status: 'none' },
  });
});

it('a fact is recorded once, under its id; two of one second under two ids are two', () => {
  const decision = recordConsent(storedOf(consentSlice.empty), webForm(['marketing']));
  const stored = storedOf(decision.kind === 'apply' ? decision.state : consentSlice.empty);
  expect(recordConsent(stored, webForm(['marketing']))).toEqual({ kind: 'skip', reason: 'seen_before' });
  expect(recordConsent(stored, { ...webForm(['marketing']), factId: 'f2' })).toMatchObject({ told: [{ type: 'consent.recorded' }] });
});

it('a stop of service stops what a thread opted in to', () => {
  const decision = recordConsent(storedOf(stateAfter(wrote(100))), {
    ...webForm(['service']),
    fact: { ...webForm(['service']).fact, kind: 'stop', source: 'api' },
  });
  const view = decision.kind === 'apply' ? consentSlice.view(decision.state, 1) : null;
  expect(view).toMatchObject({ service: { status: 'opted_out', source: 'api' }, utility: { status: 'opted_in' } });
});

it('across a number change go stops, not opt-ins; and nothing goes to who writes from the old number (trap 20)', () => {
  const utilityStop = preference({ at: 110, occurredAt: at(110), category: 'utility_messages' });
  const views = viewsOf(consentSlice, regroupAll(consentSlice, worldAfter(wrote(100), resume(100), utilityStop, wrote(300)), numberMoved));
  expect(views.c1).toMatchObject({ marketing: none, utility: { status: 'opted_out' }, service: none });
  expect(views.c2).toMatchObject({ marketing: none, utility: { status: 'opted_in', occurredAt: at(300) } });
});

it('an opt-in under a BSUID that stays does not go across a number change either', () => {
  const stays = whereabouts({ 'u:a:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c1' }] }, ['c1', 'c2'], { c1: 200 });
  const after = (when: number) =>
    viewsOf(consentSlice, regroupAll(consentSlice, worldAfter(wrote(when, { as: 'u:a:1' })), stays)).c1?.service.status;
  expect([after(199), after(200)]).toEqual(['none', 'opted_in']);
});

it('a merger is the union, told to both', () => {
  const merged = whereabouts(
    { 'w:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c2' }], 'u:a:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c2' }] },
    ['c1', 'c2'],
  );
  const world = worldAfter(wrote(100), { ...stop(200), as: 'u:a:1', contactId: 'c2' });
  const decisions = consentSlice.regroup(world, merged);
  expect([...decisions.values()].map((decision) => decision.kind === 'apply' && decision.told)).toEqual([
    [{ type: 'consent.regrouped' }],
    [{ type: 'consent.regrouped' }],
  ]);
  const after = regroupAll(consentSlice, world, merged);
  expect(viewsOf(consentSlice, after)).toMatchObject({
    c1: { marketing: none, service: none },
    c2: { marketing: { status: 'opted_out' }, service: { status: 'opted_in' } },
  });
  expect([...consentSlice.regroup(after, merged).values()].map(({ kind }) => kind)).toEqual(['skip', 'skip']);
});

it('identifiers that changed are told, but not of a contact that nobody was told about', () => {
  const known = whereabouts(
    { 'w:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c1' }], 'w:3': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c2' }] },
    ['c1', 'c2'],
  );
  const decisions = consentSlice.regroup(worldAfter(wrote(100)), known);
  expect([decisions.get('c1')?.kind, decisions.get('c2')?.kind]).toEqual(['apply', 'skip']);
});
