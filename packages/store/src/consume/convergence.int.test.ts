import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { consentSlice, contactSlice, identitySlice } from '@keyturn/domain';
import { message, numberChanged, status, T0 } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import { type SlicesWorld, slicesWorld, type ToldRow } from './slices-world.fixture.ts';

let world: SlicesWorld;
beforeAll(async () => {
  world = await slicesWorld();
});
afterAll(() => world.close());

// --- worlds: the same script under identifiers of its own ---------------------------------------------------------------

type Step = {
  kind: 'message' | 'mismatch' | 'stop' | 'moved';
  who: number;
  also: boolean;
  to: number;
  at: number;
  hash: string | null;
  on: string;
};
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('message', 'message', 'message', 'message', 'moved', 'mismatch', 'stop'),
  who: fc.nat(2),
  also: fc.boolean(),
  to: fc.nat(2),
  at: fc.integer({ min: 1, max: 9 }),
  hash: fc.constantFrom('a', 'a', 'b', null),
  on: fc.constantFrom('P1', 'P2'),
});
const numberOf = (world: number, who: number) => `49153${String(world).padStart(5, '0')}${who}`;
const bsuidOf = (world: number, who: number) => `DE.${world}x${who}`;

function eventOf(world: number, { kind, who, also, to, at, hash, on }: Step): InboundEvent {
  const person = { waId: numberOf(world, who), ...(also ? { bsuid: bsuidOf(world, who) } : {}), phoneNumberId: on, at: T0 + at };
  const wamid = `wamid.${kind}.${who}.${at}.${on}`;
  switch (kind) {
    case 'message':
      return message({ ...person, wamid, ...(hash === null ? {} : { identityKeyHash: hash }), profileName: `N${hash}` });
    case 'stop':
      return message({ ...person, wamid, optOut: 'keyword' });
    case 'mismatch':
      return status({ ...person, wamid, status: 'failed', errorCodes: [137000] });
    case 'moved':
      return numberChanged({ ...person, previous: { waId: numberOf(world, who) }, current: { waId: numberOf(world, to) } });
  }
}

async function live(script: readonly Step[][], shuffle: (rows: ToldRow[]) => ToldRow[]): Promise<string> {
  const name = ++worlds;
  for (const batch of script) {
    await world.take(batch.map((one) => eventOf(name, one)));
    if (batch.length % 2 === 0) await world.hear(shuffle);
  }
  await world.hear(shuffle);
  return answers(name, script.flat());
}
let worlds = 0;

/** What anybody may ask about whoever said something, with the names of this world taken out. (Where nobody said anything, whether there is a contact
 *  at all may depend on the order.) */
async function answers(name: number, script: readonly Step[]): Promise<string> {
  const points = [...new Set(script.map(({ kind, who, to, at }) => `w:${numberOf(name, kind === 'moved' ? to : who)} ${at}`))].sort();
  const { rows } = await world.pool.query<{ contact_id: string | null; place: string } & Record<string, never>>(
    `select i.identifier || ' at ' || i.at as place, p.contact_id, ${CONTACT_STATE} as contact, d.state as identity, n.state as consent
     from unnest($1::text[], $2::int[]) i(identifier, at)
     left join identifier_period p on p.identifier = i.identifier and p."from" <= to_timestamp($3 + i.at) and p."to" > to_timestamp($3 + i.at)
     left join contact_state s using (contact_id) left join identity_state d using (contact_id) left join consent_state n using (contact_id)
     order by i.identifier, i.at`,
    [points.map((point) => point.split(' ')[0]), points.map((point) => point.split(' ')[1]), T0],
  );
  const order = rows.map((row) => row.contact_id);
  const views = rows.map(({ place, contact_id, contact, identity, consent }) => ({
    place,
    who: contact_id === null ? null : order.indexOf(contact_id),
    contact: contactSlice.view(contact ?? contactSlice.empty, 0),
    identity: identitySlice.view(identity ?? identitySlice.empty, 0),
    consent: consentSlice.view(consent ?? consentSlice.empty, 0),
  }));
  return [0, 1, 2].reduce(
    (text, who) => text.replaceAll(numberOf(name, who), `<w${who}>`).replaceAll(bsuidOf(name, who), `<u${who}>`),
    JSON.stringify(views, (key, value) => (key === 'eventId' ? undefined : value), 1), // each world's events have ids of their own
  );
}

const inBatches = (steps: readonly Step[]): fc.Arbitrary<Step[][]> =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: steps.length, maxLength: steps.length }).map((sizes) => {
    const left = [...steps];
    return sizes.map((size) => left.splice(0, size)).filter((batch) => batch.length > 0);
  });
const twoDeliveries = fc
  .array(step, { minLength: 1, maxLength: 7 })
  .chain((steps) =>
    fc.tuple(inBatches(steps), fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }).chain(inBatches)),
  );

it('late, doubled, regrouped, and with the directory’s word crossing it: the answers of all three slices are the same', async () => {
  await fc.assert(
    fc.asyncProperty(twoDeliveries, async ([once, again]) => {
      const first = await live(once, (rows) => rows);
      const second = await live(again, (rows) => rows.toReversed());
      expect(second).toEqual(first);
    }),
    propertyRuns(60),
  );
}, 600_000);
