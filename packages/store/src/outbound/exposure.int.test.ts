import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { InboundEvent, StatusReported } from '@keyturn/contracts';
import { iso, message, numberChanged, status, T0 } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { v7 } from 'uuid';
import type { Database } from '../database.ts';
import { decide } from '../decide/decide.ts';
import { exposureOf } from '../queries/exposure.ts';
import { readIdentity } from '../queries/read-identity.ts';
import { type Consumers, lineWithDatabase } from './exposure.fixture.ts';

let database: Database;
let line: Consumers;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ database, line, close } = await lineWithDatabase());
});
afterAll(() => close());

let people = 0;
const newNumber = () => `4915800${String(++people).padStart(6, '0')}`;
const P1 = 'P1';
type Person = { waId?: string; bsuid?: string };
const wrote = (who: Person, at: number, identityKeyHash: string, phoneNumberId = P1) =>
  message({ ...who, at: T0 + at, identityKeyHash, phoneNumberId, wamid: `in.${at}` });
/** `m1 sent@5 delivered@6 marketing`: what became of one message. */
const went = (who: Person, text: string, phoneNumberId = P1): StatusReported[] => {
  const [wamid = '', ...words] = text.split(' ');
  const category = words.find((word) => !word.includes('@'));
  return words
    .filter((word) => word.includes('@'))
    .map((word) => {
      const [said = '', at] = word.split('@');
      const failed = said === 'failed' ? { errorCodes: [131026] } : {};
      return status({
        ...who,
        ...failed,
        at: T0 + Number(at),
        wamid,
        status: said,
        phoneNumberId,
        ...(category ? { pricingCategory: category } : {}),
      });
    });
};
const summary = async (contactId: string | null) => {
  const { contactId: _, recordedSince: __, items, ...rest } = await exposureOf(database.pool, contactId as string, 50, null);
  return { ...rest, items: items.map(({ wamid, reach, side, category, at }) => `${wamid} ${reach} ${side} ${category} ${at}`) };
};
const at = (seconds: number) => iso(T0 + seconds);
const none = { sent: 0, delivered: 0, read: 0, failed: 0, byCategory: {} };

const story = (who: Person): InboundEvent[] => [
  wrote(who, 10, 'h1'),
  ...went(who, 'arrived-before-the-proof sent@12 delivered@13 read@40 utility'),
  wrote(who, 20, 'h1'),
  ...went(who, 'read sent@21 delivered@22 read@23 marketing'),
  ...went(who, 'waited sent@15 delivered@25 authentication'),
  ...went(who, 'refused sent@26 failed@27 utility'),
  ...went(who, 'elsewhere sent@24', 'P2'),
  ...went(who, 'heard sent@28 delivered@28 played@29'),
  wrote(who, 30, 'h2'),
  ...went(who, 'after delivered@31 utility'),
  ...went(who, 'paid sent@32 delivered@33').map((paid) => ({ ...paid, subject: 'payment' as const, status: 'captured' })),
];
const expected = {
  ...{ blockedAt: at(30), decidedAt: null, since: [{ phoneNumberId: P1, at: at(20) }], sinceElsewhere: at(20) },
  beforeBlock: { sent: 1, delivered: 1, read: 2, failed: 1, byCategory: { authentication: 1, marketing: 1, unknown: 2 } },
  afterBlock: { ...none, delivered: 1, byCategory: { utility: 1 } },
  items: [
    `after delivered after_block utility ${at(31)}`,
    `heard read before_block null ${at(28)}`,
    `waited delivered before_block authentication ${at(25)}`,
    `elsewhere sent before_block null ${at(24)}`,
    `read read before_block marketing ${at(22)}`,
  ],
};

it('each message counts once, under the furthest that it got, from the last proof on; what had arrived before is out', async () => {
  const waId = newNumber();
  await line.take(story({ waId }));
  expect(await summary(await line.holder(`w:${waId}`, T0 + 40))).toEqual(expected);
});

it('in any order, doubled, in batches of any size: the same', async () => {
  const batches = (events: readonly InboundEvent[], size: number) =>
    Array.from({ length: Math.ceil(events.length / size) }, (_, i) => events.slice(i * size, (i + 1) * size));
  const places = story({}).map((_, i) => i);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...places, ...places], { minLength: 2 * places.length }),
      fc.integer({ min: 1, max: 40 }),
      async (order, size) => {
        const waId = newNumber();
        const events = story({ waId });
        for (const batch of batches(
          order.map((place) => events[place] as InboundEvent),
          size,
        ))
          await line.take(batch);
        expect(await summary(await line.holder(`w:${waId}`, T0 + 40))).toEqual(expected);
      },
    ),
    propertyRuns(12),
  );
});

it('a status that tells nothing of who is who makes nobody a contact, and counts once somebody is', async () => {
  const waId = newNumber();
  const counted = await line.take(went({ waId }, 'early sent@5 delivered@6 marketing'), 'status');
  expect(counted).toEqual(['recorded', 'recorded']);
  expect(await line.holder(`w:${waId}`, T0)).toBeNull();
  const refused = status({ waId, at: T0 + 9, wamid: 'refused', status: 'failed', errorCodes: [137_000], phoneNumberId: P1 });
  await line.take([refused]);
  expect(await summary(await line.holder(`w:${waId}`, T0 + 9))).toMatchObject({
    ...{ blockedAt: at(9), since: [{ phoneNumberId: P1, at: null }], sinceElsewhere: null },
    beforeBlock: { ...none, delivered: 1, byCategory: { marketing: 1 } },
    afterBlock: { ...none, failed: 1 },
  });
});

it('the number before and the number after belong to one person; who has the old number now, to nobody else’s count', async () => {
  const [left, taken] = [newNumber(), newNumber()];
  await line.take([wrote({ waId: left }, 10, 'h1'), ...went({ waId: left }, 'before delivered@15 utility')]);
  await line.take([...went({ waId: taken }, 'new-number delivered@25 utility'), ...went({ waId: left }, 'strangers delivered@26 utility')]);
  await line.take([numberChanged({ waId: left, at: T0 + 20, previous: { waId: left }, current: { waId: taken } })]);
  const person = await line.holder(`w:${taken}`, T0 + 30);
  expect((await summary(person)).items).toEqual([
    `new-number delivered after_block utility ${at(25)}`,
    `before delivered before_block utility ${at(15)}`,
  ]);
  expect(await line.holder(`w:${left}`, T0 + 30)).not.toBe(person);
});

it('what came under a BSUID alone counts for the number that it turns out to be', async () => {
  const waId = newNumber();
  const bsuid = `DE.${waId}`;
  await line.take(went({ bsuid }, 'by-id delivered@15 utility'), 'status');
  await line.take([wrote({ waId, bsuid }, 10, 'h1'), wrote({ waId, bsuid }, 20, 'h2')]);
  expect((await summary(await line.holder(`w:${waId}`, T0 + 30))).items).toEqual([`by-id delivered before_block utility ${at(15)}`]);
});

it.each(['same_person', 'different_person'] as const)(
  'once decided (%s) it says what there was until then, and no more',
  async (verdict) => {
    const waId = newNumber();
    await line.take(story({ waId }));
    const contactId = (await line.holder(`w:${waId}`, T0 + 25)) as string;
    const { version } = await readIdentity(database.pool, contactId);
    const command = { keyHash: 'h2', version, verdict, reason: 'called back', actor: 'key:1', decisionId: v7(), decidedAt: at(50) };
    await decide({ pool: database.pool, newContactId: v7 }, contactId, command);
    await line.take(went({ waId }, 'to-the-known delivered@60 utility'));
    expect(await summary(contactId)).toEqual({ ...expected, decidedAt: at(50) });
  },
);

it('who was never blocked has none', async () => {
  const waId = newNumber();
  await line.take([wrote({ waId }, 10, 'h1'), ...went({ waId }, 'm delivered@15 utility')]);
  expect(await summary(await line.holder(`w:${waId}`, T0 + 30))).toEqual({
    ...{ blockedAt: null, decidedAt: null, since: [], sinceElsewhere: null, beforeBlock: none, afterBlock: none, items: [] },
  });
});

it('pages go on where the last ended, ties included, each message once', async () => {
  const waId = newNumber();
  const messages = Array.from({ length: 7 }, (_, i) => went({ waId }, `m${i} delivered@${15 + (i >> 1)}`)).flat();
  await line.take([wrote({ waId }, 10, 'h1'), ...messages, wrote({ waId }, 30, 'h2')]);
  const contactId = (await line.holder(`w:${waId}`, T0 + 30)) as string;
  const seen: string[] = [];
  for (let place: { at: string; wamid: string } | null = null, more = true; more; ) {
    const { items } = await exposureOf(database.pool, contactId, 2, place);
    seen.push(...items.map(({ wamid }) => wamid));
    place = items.at(-1) ?? place;
    more = items.length > 0;
  }
  expect(seen).toEqual(['m6', 'm5', 'm4', 'm3', 'm2', 'm1', 'm0']);
});
