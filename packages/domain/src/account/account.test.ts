import { describe, expect, it } from '@jest/globals';
import type { AccountEvent, MessageReceived } from '@keyturn/contracts';
import { message } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { numberView, templateView } from './account-views.ts';
import { learn, learnMessage } from './learn.ts';
import { countOf, joinSamples, SAMPLE_MAX, sampled } from './sample.ts';
import { statementsOf } from './statements.ts';
import { type SubjectState, unknownSubject } from './subjects.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const T = Date.UTC(2026, 10, 20) / 1_000;
let said = 0;
const event = (type: AccountEvent['type'], fields: object, at = T, id = `event-${String(said++).padStart(4, '0')}`): AccountEvent =>
  ({
    ...{ id, type, wabaId: 'waba', displayNumber: '12025550199', occurredAt: new Date(at * 1_000).toISOString() },
    ...{ receivedAt: NOW.toISOString(), source: { webhookId: 'w', path: '/entry/0' }, ...fields },
  }) as AccountEvent;
const quality = (name: string, at: number, limit?: string) =>
  event('phone_number.quality_changed', { event: name, ...(limit === undefined ? {} : { limit }) }, at);

type Known = ReadonlyMap<string, SubjectState>;
function after(events: readonly (AccountEvent | MessageReceived)[]): Known {
  const known = new Map<string, SubjectState>();
  const change = (key: string, work: (state: SubjectState) => SubjectState) => known.set(key, work(known.get(key) ?? unknownSubject));
  for (const one of events) {
    if (one.type === 'message.received') change(`number ${one.phoneNumberId}`, (state) => learnMessage(state, one));
    else for (const { of, says } of statementsOf(one)) change(`${of.kind} ${of.id}`, (state) => learn(state, says));
  }
  return known;
}
const of = (known: Known, key: string) => known.get(key) ?? unknownSubject;
const viewOf = (known: Known) =>
  numberView(
    'P1',
    '12025550199',
    { byId: of(known, 'number P1'), byDisplay: of(known, 'display 12025550199'), account: of(known, 'waba waba') },
    NOW,
  );
const inbound = (at: number, hash?: string, id = `message-${said++}`) =>
  message({ id, at, phoneNumberId: 'P1', wabaId: 'waba', displayNumber: '12025550199', ...(hash ? { identityKeyHash: hash } : {}) });

describe('what is said last counts', () => {
  const cases: [string, AccountEvent[], object][] = [
    [
      'a later limit',
      [quality('UPGRADE', T + 9, 'TIER_1K'), quality('ONBOARDING', T, 'TIER_250')],
      { messagingLimit: { limit: 'TIER_1K' } },
    ],
    [
      'an event without a limit leaves it',
      [quality('UPGRADE', T, 'TIER_1K'), quality('FLAGGED', T + 5)],
      { messagingLimit: { limit: 'TIER_1K' }, quality: { status: 'flagged' } },
    ],
    ['no longer flagged', [quality('UNFLAGGED', T + 7), quality('FLAGGED', T + 5)], { quality: { status: 'unflagged' } }],
    [
      'a name that was refused leaves the one that people see',
      [
        event('phone_number.name_decided', { decision: 'REJECTED', requestedName: 'New', rejectionReason: 'NAME_X' }, T + 3),
        event('phone_number.name_decided', { decision: 'APPROVED', requestedName: 'Old' }, T),
      ],
      { verifiedName: 'Old', name: { decision: 'REJECTED', requestedName: 'New', rejectionReason: 'NAME_X' } },
    ],
    [
      'our own number registered anew elsewhere',
      [event('account.updated', { event: 'PARTNER_REMOVED', disconnection: { reason: 'USER_RE_REGISTERED' } })],
      { connection: { status: 'disconnected', event: 'PARTNER_REMOVED', reason: 'USER_RE_REGISTERED' } },
    ],
    [
      'what has no time is before all that has one',
      [
        event('phone_number.security_reported', { event: 'PIN_CHANGED' }, T),
        event('phone_number.security_reported', { event: 'PIN_RESET_REQUEST', flags: ['time_impossible'] }, T + 99),
      ],
      { security: { event: 'PIN_CHANGED' } },
    ],
  ];
  it.each(cases)('%s', (_what, events, expected) => {
    expect(viewOf(after([...events, inbound(T)]))).toMatchObject(expected);
  });

  it('a restriction that has ended is none, and one without an end holds', () => {
    const restrictions = [
      { restriction: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiresAt: '2026-11-23T11:59:59.000Z' },
      { restriction: 'RESTRICTED_ADD_PHONE_NUMBER_ACTION' },
    ];
    const { account } = viewOf(
      after([event('account.updated', { event: 'ACCOUNT_RESTRICTION', displayNumber: undefined, restrictions }), inbound(T)]),
    );
    expect(account?.restrictions.map(({ restriction }) => restriction)).toEqual(['RESTRICTED_ADD_PHONE_NUMBER_ACTION']);
  });

  it('a template that is to have another category says so until it has', () => {
    const template = { templateId: '7', name: 'code', language: 'en' };
    const warned = event(
      'template.category_changed',
      { ...template, stage: 'impending', category: 'UTILITY', nextCategory: 'MARKETING' },
      T,
    );
    const done = event(
      'template.category_changed',
      { ...template, stage: 'completed', category: 'MARKETING', previousCategory: 'UTILITY' },
      T + 9,
    );
    expect(templateView('7', of(after([warned]), 'template 7'))).toMatchObject({
      category: { category: 'UTILITY' },
      nextCategory: { category: 'MARKETING' },
    });
    expect(templateView('7', of(after([done, warned]), 'template 7'))).toMatchObject({
      category: { category: 'MARKETING' },
      nextCategory: null,
    });
  });
});

describe('the identity check', () => {
  const statusAfter = (...hashes: (string | undefined)[]) =>
    viewOf(after(hashes.map((hash, i) => inbound(T + i, hash)))).identityCheck.status;
  const times = (count: number, hash?: string) => Array.from({ length: count }, () => hash);
  it.each<[string, (string | undefined)[], string]>([
    ['nobody wrote', [], 'unknown'],
    ['too few to say', times(2), 'unknown'],
    ['none carries a hash', times(3), 'off'],
    ['a hash is enough to know more', [undefined, 'h'], 'on'],
    ['all carry one', times(20, 'h'), 'on'],
    ['switched off: the newest sixteen have none', [...times(50, 'h'), ...times(16)], 'off'],
    ['switched off a moment ago', [...times(50, 'h'), ...times(10)], 'partly'],
    ['switched on', [...times(50), ...times(8, 'h')], 'on'],
  ])('%s', (_what, hashes, expected) => expect(statusAfter(...hashes)).toBe(expected));

  it('says when the last hash came, however late it was heard', () => {
    const { identityCheck } = viewOf(after([inbound(T + 9), inbound(T + 5, 'h'), inbound(T + 1, 'h')]));
    expect(identityCheck).toMatchObject({
      lastHashAt: new Date((T + 5) * 1_000).toISOString(),
      lastMessageAt: new Date((T + 9) * 1_000).toISOString(),
    });
  });
});

const someEvent = fc.oneof(
  fc
    .tuple(fc.constantFrom('FLAGGED', 'UNFLAGGED', 'UPGRADE'), fc.nat(3), fc.constantFrom('TIER_250', 'TIER_1K', undefined))
    .map(([name, at, limit]) => quality(name, T + at, limit)),
  fc
    .tuple(fc.constantFrom('APPROVED', 'REJECTED'), fc.nat(3))
    .map(([decision, at]) => event('phone_number.name_decided', { decision, requestedName: decision }, T + at)),
  fc
    .tuple(fc.constantFrom('PARTNER_REMOVED', 'ACCOUNT_RECONNECTED', 'DISABLED_UPDATE'), fc.nat(3), fc.boolean())
    .map(([name, at, timed]) =>
      event('account.updated', { event: name, banState: name, ...(timed ? {} : { flags: ['time_impossible'] }) }, T + at),
    ),
  fc.tuple(fc.nat(30), fc.boolean()).map(([at, hash]) => inbound(T + at, hash ? 'h' : undefined)),
);

it('any order and any repeats give the same', () =>
  fc.assert(
    fc.property(
      fc
        .array(someEvent, { maxLength: 40 })
        .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }))),
      ([events, again]) => expect(viewOf(after(again))).toEqual(viewOf(after(events))),
    ),
    propertyRuns(500),
  ));

describe('how many messages of a day carried a hash', () => {
  const entries = (count: number, withHash: (i: number) => boolean) =>
    Array.from({ length: count }, (_, i) => sampled(`event ${i}`, withHash(i)));

  it('is counted one by one as far as a sample goes', () =>
    expect(
      countOf(
        joinSamples(
          [],
          entries(SAMPLE_MAX - 1, (i) => i % 3 === 0),
        ),
      ),
    ).toEqual({ messages: 1_023, withHash: 341, exact: true }));

  it.each([0, 0.03, 0.5, 0.97, 1])('is estimated beyond, for a share of %d', (share) => {
    const sample = joinSamples(
      [],
      entries(20_000, (i) => (i * 0.618) % 1 < share),
    );
    const { messages, withHash, exact } = countOf(sample);
    expect(sample).toHaveLength(SAMPLE_MAX);
    expect(exact).toBe(false);
    expect(Math.abs(messages / 20_000 - 1)).toBeLessThan(0.1);
    expect(Math.abs(withHash / messages - share)).toBeLessThan(share === 0 || share === 1 ? 1e-9 : 0.05);
  });

  it('does not depend on the order, on grouping, or on how often a message comes', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3_000), fc.boolean()), { maxLength: 400 }), fc.nat(400), (messages, cut) => {
        const all = [...messages.map(([i, hash]) => sampled(`${i}`, hash)), ...entries(2_000, () => true)];
        const parts = joinSamples(joinSamples([], all.slice(cut).reverse()), [...all.slice(0, cut), ...all]);
        expect(parts).toEqual(joinSamples([], all));
      }),
      propertyRuns(50),
    ));
});
