import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsentCategory, DECISIONS_MAX, type PreferenceChanged } from '@keyturn/contracts';
import { decideBlock } from '@keyturn/store';
import { message } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { mixedSpelling } from '@keyturn/testkit/spellings';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { type GateWorld, gateWorld, OURS } from './gate.fixture.ts';

/** Of each country whose numbers have two spellings, and one whose have not. */
const countries = ['4915112345', '5531987654', '5215512345', '5491123456'] as const;
const kinds = ['fine', 'blocked', 'stopped', 'blocked by choice', 'unknown'] as const;
type Person = { readonly kind: (typeof kinds)[number]; readonly waId: string; readonly bsuid: string; readonly parentBsuid: string };
const persons: readonly Person[] = countries.flatMap((country, i) =>
  kinds.map((kind, j) => ({ kind, waId: `${country}${i}0${j}`, bsuid: `XX.${i}.${j}`, parentBsuid: `XX.ENT.${i}.${j}` })),
);
const told = persons.filter(({ kind }) => kind !== 'unknown');

/** A number of ours in Brazil, which may write to whom nobody knows. */
const AT_HOME = '106540352242923';
let groups: GateWorld;
let world: GateWorld;
const NOW = Math.floor(Date.now() / 1_000);

async function tell(to: GateWorld): Promise<void> {
  const wrote = ({ kind: _, ...ids }: Person, hash: string, at: number) =>
    message({ ...ids, phoneNumberId: OURS, identityKeyHash: hash, at, wamid: `wamid.${ids.waId}.${hash}` });
  const stops = (person: Person, category: ConsentCategory): PreferenceChanged => {
    const { wamid: _, messageType: __, ...envelope } = wrote(person, `stop.${category}`, NOW);
    return { ...envelope, type: 'preference.changed', category, preference: 'stop' } as PreferenceChanged;
  };
  const of = (kind: Person['kind']) => persons.filter((person) => person.kind === kind);
  await to.says(
    ...told.map((person) => wrote(person, 'h1', NOW - 90)),
    ...of('blocked').map((person) => wrote(person, 'h2', NOW - 60)),
    ...of('stopped').flatMap((person) => ConsentCategory.options.map((category) => stops(person, category))),
  );
  for (const { bsuid } of of('blocked by choice')) {
    const { rows } = await to.pool.query<{ contact_id: string }>('select contact_id from identifier_period where identifier like $1', [
      `u:%:${bsuid}`,
    ]);
    const decision = { decisionId: v7(), reason: 'test', actor: 'test', decidedAt: new Date().toISOString() };
    await decideBlock(to.pool, rows[0]?.contact_id ?? '', 'set', decision);
  }
  await to.follow();
}

beforeAll(async () => {
  const policy = path.join(mkdtempSync(path.join(tmpdir(), 'keyturn-policy-')), 'policy.json');
  writeFileSync(
    policy,
    JSON.stringify({
      rules: { group_recipient: 'off' },
      phoneNumbers: { [AT_HOME]: { countryCode: '55', rules: { contact_unknown: 'off' } } },
    }),
  );
  [world, groups] = await Promise.all([gateWorld(), gateWorld({ GATE_POLICY_FILE: policy })]);
  await Promise.all([tell(world), tell(groups)]);
});
afterAll(() => Promise.all([world.stop(), groups.stop()]));
beforeEach(() => Promise.all([world.current(), groups.current()]));

const category = fc.constantFrom(...ConsentCategory.options);
/** By number, BSUID or parent BSUID, or by both; with another person's beside, who may be fine. */
const namingOf = (person: Person, other: Person) => {
  const spelled = mixedSpelling(person.waId);
  const id = fc.constantFrom(person.bsuid, person.parentBsuid);
  return fc.oneof(
    fc.record({ to: spelled }),
    fc.record({ recipient: id }),
    fc.record({ to: spelled, recipient: id }),
    fc.record({ to: spelled, recipient: fc.constantFrom(other.bsuid, other.parentBsuid) }),
    fc.record({ to: mixedSpelling(other.waId), recipient: id }),
  );
};
const anybody = fc.constantFrom(...persons);
const notFine = anybody.filter(({ kind }) => kind !== 'fine');
const namedBadly = fc.tuple(notFine, anybody).chain(([person, other]) => namingOf(person, other));
const item = fc.record({ naming: namedBadly, category }).map(({ naming, ...more }) => ({ phoneNumberId: OURS, ...naming, ...more }));

describe('whoever is blocked, stopped, blocked by choice or unknown, however spelled', () => {
  it('is never allowed in a decision', () =>
    fc.assert(
      fc.asyncProperty(item, async (one) => {
        const { status, body } = await world.decide(one);
        expect([status, body.decision]).toEqual([200, 'deny']);
      }),
      propertyRuns(),
    ));

  it('nor in any place among a thousand', () =>
    fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: DECISIONS_MAX, size: 'max' }), async (items) => {
        const { status, body } = await world.decide({ items });
        expect(status).toBe(200);
        expect(body.items.filter(({ decision }) => decision !== 'deny')).toEqual([]);
        expect(body.items).toHaveLength(items.length);
      }),
      propertyRuns(10),
    ));

  const kind = fc.constantFrom('text', 'template', 'image', 'interactive', 'reaction', undefined);
  const sent = fc
    .record({
      naming: namedBadly,
      type: kind,
      status: fc.constantFrom('read', 'delivered', undefined),
      hash: fc.constantFrom('h1', 'h2', undefined),
    })
    .map(({ naming, type, status, hash }) => ({
      ...{ messaging_product: 'whatsapp', recipient_type: 'individual', ...naming },
      ...(type === undefined ? {} : { type, [type]: { name: 'parcel_slot', body: 'Hello' } }),
      ...(status === undefined ? {} : { status, message_id: 'wamid.1' }),
      ...(hash === undefined ? {} : { recipient_identity_key_hash: hash }),
    }));
  const door = fc.constantFrom('messages', 'marketing_messages');
  const named = fc.constantFrom('marketing', 'utility', 'authentication', undefined);
  it('nor is anything sent to them', () =>
    fc.assert(
      fc.asyncProperty(sent, door, named, fc.boolean(), async (body, last, categoryNamed, asNumber) => {
        const to = 'to' in body && asNumber && /^[1-9]\d+$/.test(body.to) ? { to: Number(body.to) } : {};
        const headers = categoryNamed === undefined ? {} : { 'x-keyturn-category': categoryNamed };
        const { status } = await world.send({ ...body, ...to }, { path: `/v25.0/${OURS}/${last}`, headers });
        expect([status >= 400, world.platform.requests]).toEqual([true, []]);
      }),
      propertyRuns(),
    ));

  it('nor as a group, where groups may be written to', () =>
    fc.assert(
      fc.asyncProperty(
        notFine.filter(({ kind }) => kind !== 'unknown').chain(({ waId }) => mixedSpelling(waId)),
        async (to) => {
          const { body } = await groups.decide({ phoneNumberId: OURS, to, recipientType: 'group', category: 'utility' });
          expect(body.decision).toBe('deny');
          expect((await groups.send({ messaging_product: 'whatsapp', recipient_type: 'group', to, type: 'text' })).status).toBe(403);
          expect(groups.platform.requests).toEqual([]);
        },
      ),
      propertyRuns(50),
    ));

  it('nor by a number as it is written at home, where who is not known may be written to', () =>
    fc.assert(
      fc.asyncProperty(
        notFine
          .filter(({ kind, waId }) => kind !== 'unknown' && waId.startsWith('55'))
          .chain(({ waId }) => fc.constantFrom(waId.slice(2), waId.slice(2).replace(/^(..)9/, '$1'), `0${waId.slice(2)}`))
          .chain((digits) => mixedSpelling(digits, fc.constant(''))),
        async (to) => {
          const { body } = await groups.decide({ phoneNumberId: AT_HOME, to, category: 'utility' });
          expect(body.decision).toBe('deny');
          const path = `/v25.0/${AT_HOME}/messages`;
          expect((await groups.send({ messaging_product: 'whatsapp', to, type: 'text' }, { path })).status).toBe(403);
          expect(groups.platform.requests).toEqual([]);
        },
      ),
      propertyRuns(50),
    ));
});

it('whoever is fine is allowed by number, id or both, in every spelling', () =>
  fc.assert(
    fc.asyncProperty(
      anybody.filter(({ kind }) => kind === 'fine').chain((person) => namingOf(person, person)),
      async (naming) => {
        const { body } = await world.decide({ phoneNumberId: OURS, category: 'utility', ...naming });
        expect([body.decision, body.reasons, body.identityKeyHash]).toEqual(['allow', [], 'h1']);
      },
    ),
    propertyRuns(100),
  ));
