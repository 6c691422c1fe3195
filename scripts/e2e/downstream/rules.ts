import type { IdentityStateRecord } from '@keyturn/contracts';
import type { Written } from '../line.ts';

type Status = IdentityStateRecord['identity']['status'];
type Said = { who: number; version?: number; status?: Status; from?: string; to?: string; holds?: boolean; more?: object };

const DAY_MS = 86_400_000;
const [past, future] = [new Date(Date.now() - DAY_MS).toISOString(), new Date(Date.now() + DAY_MS).toISOString()];
const contactId = (rule: number, who: number) => `01900000-0000-7000-8000-${String(rule).padStart(8, '0')}000${who}`;

/** What docs/downstream.md asks of a copy, rule by rule: some of it a run of the line shows only for a moment, or never. Each is about one number. */
const cases: readonly { rule: string; said: readonly (Said | { forget: number })[]; status: Status }[] = [
  { rule: 'two who hold it: blocked is stricter than clear', said: [{ who: 1 }, { who: 2, status: 'blocked' }], status: 'blocked' },
  { rule: 'two who hold it: unknown is stricter than clear', said: [{ who: 1, status: 'unknown' }, { who: 2 }], status: 'unknown' },
  {
    rule: 'who had it before is not asked',
    said: [
      { who: 1, status: 'blocked', to: past },
      { who: 2, from: past },
    ],
    status: 'clear',
  },
  {
    rule: 'nor who will have it',
    said: [
      { who: 1, to: future },
      { who: 2, status: 'blocked', from: future },
    ],
    status: 'clear',
  },
  { rule: 'nobody holds it any more', said: [{ who: 1, to: past }], status: 'unknown' },
  {
    rule: 'the larger version counts',
    said: [
      { who: 1, version: 3, status: 'blocked' },
      { who: 1, version: 2 },
    ],
    status: 'blocked',
  },
  {
    rule: 'the same version again',
    said: [
      { who: 1, version: 2, status: 'blocked' },
      { who: 1, version: 2, status: 'blocked' },
    ],
    status: 'blocked',
  },
  {
    rule: 'a number that was given up later',
    said: [
      { who: 1, status: 'blocked' },
      { who: 1, version: 2, status: 'blocked', holds: false },
    ],
    status: 'unknown',
  },
  {
    rule: 'merged: the survivor answers',
    said: [{ who: 1 }, { who: 2, version: 2, holds: false, more: { mergedInto: contactId(0, 1) } }],
    status: 'clear',
  },
  {
    rule: 'split: an id comes back',
    said: [
      { who: 1, holds: false, more: { mergedInto: contactId(0, 2) } },
      { who: 1, version: 2, status: 'blocked' },
    ],
    status: 'blocked',
  },
  { rule: 'forgotten by a tombstone', said: [{ who: 1, status: 'clear' }, { forget: 1 }], status: 'unknown' },
  { rule: 'a property that nobody knows yet', said: [{ who: 1, status: 'blocked', more: { later: { than: 'this' } } }], status: 'blocked' },
];

const numberOf = (rule: number) => `4999${String(rule).padStart(6, '0')}`;

function record(rule: number, { who, version = 1, status = 'clear', from, to, holds = true, more = {} }: Said): Written {
  const id = contactId(rule, who);
  const keyHash = status === 'unknown' ? null : 'aGFzaA==';
  const kind = 'newly_invented' as 'hash'; // more kinds of evidence may come
  const evidence = { kind, keyHash, identifier: null, phoneNumberId: null, firstAt: past, lastAt: past, detail: null };
  const state: IdentityStateRecord = {
    ...{ contactId: id, version, recordedAt: past, scope: 'default' },
    identifiers: holds ? [{ kind: 'wa_id', value: numberOf(rule), validFrom: from ?? null, validTo: to ?? null }] : [],
    identity: {
      status,
      keyHash,
      keyHashes: [],
      version,
      blockedAt: status === 'blocked' ? past : null,
      evidence: status === 'blocked' ? [evidence] : [],
    },
    ...more,
  };
  return { key: Buffer.from(id), value: Buffer.from(JSON.stringify(state)) };
}

/** Each rule with its number, and what is to be answered. */
export const rules = cases.map(({ rule, status }, i) => ({ rule, number: numberOf(i), status }));
/** The records of all rules, in order. */
export const ruleRecords: readonly Written[] = cases.flatMap(({ said }, i) =>
  said.map((one) => ('forget' in one ? { key: Buffer.from(contactId(i, one.forget)), value: null } : record(i, one))),
);
