import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ConsentCategory, DECISIONS_MAX, type DecisionJson, type InboundEvent, type PreferenceChanged } from '@keyturn/contracts';
import { decide, decideBlock } from '@keyturn/store';
import { iso, message, status } from '@keyturn/testkit';
import { casesOf, type GateCase, outcomeOf, wordsOf } from '@keyturn/testkit/gate-table';
import { v7 } from 'uuid';
import { type GateWorld, gateWorld, OURS, STATE_AGE_MAX_MS } from './gate.fixture.ts';

const [OTHER, NOW, DAY] = ['106540352242923', Math.floor(Date.now() / 1_000), 86_400];
type Told = Pick<GateCase, 'identity' | 'consent' | 'window' | 'choice'>;
/** A person of whom the line is told just what makes the case. */
type Person = { readonly one: Told; readonly waId: string; readonly bsuid: string };

const identities: readonly GateCase['identity'][] = [
  ...(['one hash', 'two open hashes', 'no hash', 'a hash on another number of ours', 'accepted unseen'] as const),
];
const windows: readonly GateCase['window'][] = ['open', 'over', 'of another number of ours'];
const persons: readonly Person[] = casesOf('identity', 'consent', 'window', 'choice')
  .filter(({ identity, window }) => identities.includes(identity) && windows.includes(window))
  .map((one, i) => ({ one, waId: String(492_000_000_000 + i), bsuid: `DE.table.${i}` }));
const other: Person = { one: casesOf()[0] as GateCase, waId: '492100000000', bsuid: 'DE.table.other' };
const everybody = [...persons, other];

let said = 0;
const wrote = ({ waId, bsuid }: Person, at: number, more: Partial<Parameters<typeof message>[0]> = {}) =>
  message({ waId, bsuid, phoneNumberId: OURS, at, wamid: `wamid.table.${said++}`, ...more });
const preference = ({ waId, bsuid }: Person, category: ConsentCategory, wanted: PreferenceChanged['preference']): InboundEvent => {
  const { wamid: _, messageType: __, ...envelope } = wrote({ waId, bsuid } as Person, NOW);
  return { ...envelope, type: 'preference.changed', category, preference: wanted, occurredAt: iso(NOW) } as PreferenceChanged;
};

const identityTold: Partial<Record<GateCase['identity'], (person: Person) => InboundEvent[]>> = {
  'one hash': (person) => [wrote(person, NOW - 90, { identityKeyHash: 'h1' })],
  'two open hashes': (person) => ['h1', 'h2'].map((identityKeyHash, i) => wrote(person, NOW - 90 + i, { identityKeyHash })),
  'no hash': (person) => [wrote(person, NOW - 90)],
  'a hash on another number of ours': (person) => [wrote(person, NOW - 90, { identityKeyHash: 'h1', phoneNumberId: OTHER })],
  'accepted unseen': (person) => [
    wrote(person, NOW - 90),
    status({
      waId: person.waId,
      phoneNumberId: OURS,
      at: NOW - 80,
      wamid: `wamid.table.${said++}`,
      status: 'failed',
      errorCodes: [137_000],
    }),
  ],
};
const consentTold: Record<GateCase['consent'], (person: Person) => InboundEvent[]> = {
  'opted in to all': (person) => [wrote(person, NOW - 90), preference(person, 'marketing', 'signup')],
  'began a thread': (person) => [wrote(person, NOW - 90)],
  'never agreed': () => [],
  'stopped marketing': (person) => [wrote(person, NOW - 90), preference(person, 'marketing', 'stop')],
  'stopped all': (person) => ConsentCategory.options.map((category) => preference(person, category, 'stop')),
};
const windowTold: Partial<Record<GateCase['window'], (person: Person) => InboundEvent[]>> = {
  open: (person) => [wrote(person, NOW - 60)],
  over: (person) => [wrote(person, NOW - DAY - 60)],
  'of another number of ours': (person) => [wrote(person, NOW - 60, { phoneNumberId: OTHER })],
};

const decided = () => ({ decisionId: v7(), reason: 'test', actor: 'test', decidedAt: new Date().toISOString() });
let dir: string;
let world: GateWorld;
beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'keyturn-table-'));
  const file = path.join(dir, 'policy.json');
  writeFileSync(file, JSON.stringify({ phoneNumbers: { [OURS]: { countryCode: '49' } } }));
  world = await gateWorld({ GATE_POLICY_FILE: file });
  await world.hears(['identity'], ...everybody.flatMap((person) => identityTold[person.one.identity]?.(person) ?? []));
  await world.hears(['consent'], ...everybody.flatMap((person) => consentTold[person.one.consent](person)));
  await world.hears(['contact'], ...everybody.flatMap((person) => windowTold[person.one.window]?.(person) ?? []));
  await world.follow();
  const { rows } = await world.pool.query<{ contact_id: string; identifier: string; version: number }>(
    `select contact_id, identifier, coalesce(i.version, 0) as version from identifier_period left join identity_state i using (contact_id)`,
  );
  const found = new Map(rows.map((row) => [row.identifier, row]));
  for (const { one, waId } of everybody) {
    const { contact_id: contactId, version } = found.get(`w:${waId}`) as (typeof rows)[number];
    const shell = { pool: world.pool, newContactId: v7 };
    if (one.identity === 'accepted unseen')
      await decide(shell, contactId, { ...decided(), verdict: 'same_person', keyHash: null, version });
    if (one.choice === 'blocked by choice') await decideBlock(world.pool, contactId, 'set', decided());
  }
  await world.follow();
});
afterAll(async () => {
  await world.stop();
  rmSync(dir, { recursive: true });
});

type Naming = { readonly to?: string; readonly recipient?: string; readonly recipientType?: 'group' };
const nobody = { to: '492999999999', recipient: 'DE.table.nobody' };
const namings: Partial<Record<GateCase['named'], (person: Person) => Naming>> = {
  'by number': ({ waId }) => ({ to: waId }),
  'by id': ({ bsuid }) => ({ recipient: bsuid }),
  'by both': ({ waId, bsuid }) => ({ to: waId, recipient: bsuid }),
  'by the number, and another’s id': ({ waId }) => ({ to: waId, recipient: other.bsuid }),
  'by another’s number, and the id': ({ bsuid }) => ({ to: other.waId, recipient: bsuid }),
  'by the number, and nobody’s id': ({ waId }) => ({ to: waId, recipient: nobody.recipient }),
  'by nobody’s number, and the id': ({ bsuid }) => ({ to: nobody.to, recipient: bsuid }),
  'by nobody’s number': () => ({ to: nobody.to }),
  'by nobody’s id': () => ({ recipient: nobody.recipient }),
  'by nobody’s number, which is theirs with our country code': ({ waId }) => ({ to: waId.slice(2) }),
  'as a group': () => ({ to: 'Y2FwaV9ncm91cDo', recipientType: 'group' }),
};
const spelledAs: readonly ((digits: string) => string)[] = [
  (digits) => digits,
  (digits) => `+${digits}`,
  (digits) => `00${digits.slice(0, 2)} ${digits.slice(2)}`,
  (digits) => `\u202a+${digits.slice(0, 2)} (${digits.slice(2, 5)}) ${digits.slice(5)}\u202c`,
  (digits) => digits.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string),
];

/** As a number is written at home, with nothing that says it is in full. */
const spelledAtHome: typeof spelledAs = [
  (digits) => digits,
  (digits) => `0${digits}`,
  (digits) => `(0${digits.slice(0, 3)}) ${digits.slice(3)}`,
  (digits) => digits.replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string),
];

/** Asks about all of these, as many at once as may be, and answers those rows that are not as the table has them. */
async function wrong(state: GateCase['state']) {
  const rows = persons.flatMap(({ one, ...person }, i) =>
    Object.entries(namings).flatMap(([named, name]) =>
      ConsentCategory.options.map((category, j) => {
        const naming = name({ one, ...person });
        const ways = named.endsWith('with our country code') ? spelledAtHome : spelledAs;
        const spell = ways[(i + j) % ways.length] as (digits: string) => string;
        const spelled = naming.to === undefined || naming.recipientType === 'group' ? naming : { ...naming, to: spell(naming.to) };
        const its = { ...(casesOf()[0] as GateCase), ...one, named: named as GateCase['named'], state };
        return { its, category, item: { phoneNumberId: OURS, category, ...spelled } };
      }),
    ),
  );
  const answers: DecisionJson[] = [];
  for (let from = 0; from < rows.length; from += DECISIONS_MAX) {
    const { body } = await world.decide({ items: rows.slice(from, from + DECISIONS_MAX).map(({ item }) => item) });
    answers.push(...body.items);
  }
  const differing = rows.flatMap(({ its, category, item }, i) => {
    const must = outcomeOf(wordsOf(its), category);
    const { decision, reasons, shadowed } = answers[i] as DecisionJson;
    const is = { decision, reasons: reasons.map(({ code }) => code), shadowed: shadowed.map(({ code }) => code) };
    return JSON.stringify(must) === JSON.stringify(is) ? [] : [{ its, item, must, is }];
  });
  return { rows: rows.length, differing: differing.slice(0, 3) };
}

it.each<[GateCase['state'], string]>([
  ['current', 'now()'],
  ['a millisecond older', `now() - interval '${STATE_AGE_MAX_MS + 1} ms'`],
])('the table holds for everybody whom the line was told of, in any spelling, by thousands; the state %s', async (state, caughtUpAt) => {
  await world.current();
  await world.pool.query(`update consumer_offset set caught_up_at = ${caughtUpAt} where group_id = 'identity'`);
  const { rows, differing } = await wrong(state);
  expect(differing).toEqual([]);
  expect(rows).toBeGreaterThan(5_000);
});
