// usage: KAFKA_BROKERS=localhost:19092 node blocked-numbers.ts   Keeps a copy of who is blocked, by number, from identity.state.v1 alone. Write a
// number on a line, or `all`; each line is answered with one line of JSON.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Consumer } from '@platformatic/kafka';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

type Status = 'blocked' | 'unknown' | 'clear';
/** What we use of a record; the schema has the rest. */
type State = {
  readonly contactId: string;
  readonly version: number;
  readonly identifiers: readonly {
    readonly kind: string;
    readonly value: string;
    readonly validFrom: string | null;
    readonly validTo: string | null;
  }[];
  readonly identity: { readonly status: Status };
};

const {
  KAFKA_BROKERS = 'localhost:19092',
  TOPIC = 'identity.state.v1',
  SCHEMA = '../../../packages/contracts/schemas/identity.state.v1/state.json',
} = process.env;
const CURRENT_FOR_MS = 10_000;
const STRICTEST_FIRST: readonly Status[] = ['blocked', 'unknown', 'clear'];

/** One number has several spellings; the topic has the one of E.164. */
const canonical = (number: string): string =>
  number
    .replace(/\D/g, '')
    .replace(/^55([1-9][1-9])([2-9]\d{7})$/, '55$19$2') // Brazil: mobiles have a 9 since 2016
    .replace(/^521(\d{10})$/, '52$1') // Mexico: no 1 since 2019
    .replace(/^54([1-8]\d{9})$/, '549$1'); // Argentina: a 9 from abroad

// --- the table -------------------------------------------------------------------------------------------------------

const contacts = new Map<string, State>();
const holders = new Map<string, Set<string>>();

/** Takes a record in. One that is older than what we have came late, or again: it says nothing. */
function take(state: State): void {
  const known = contacts.get(state.contactId);
  if (known !== undefined && known.version > state.version) return;
  forget(state.contactId);
  for (const { kind, value } of state.identifiers) {
    if (kind === 'wa_id') holders.set(value, (holders.get(value) ?? new Set()).add(state.contactId));
  }
  contacts.set(state.contactId, state); // merged: it has no identifiers any more, so nobody finds it
}

function forget(contactId: string): void {
  for (const { value } of contacts.get(contactId)?.identifiers ?? []) holders.get(value)?.delete(contactId);
  contacts.delete(contactId);
}

/** The strictest of all who hold the number now; nobody: unknown. */
function statusOf(number: string): Status {
  const now = Date.now();
  const found = [...(holders.get(number) ?? [])].flatMap((contactId) => {
    const { identifiers, identity } = contacts.get(contactId) as State;
    const holds = identifiers.some(
      (one) =>
        one.kind === 'wa_id' &&
        one.value === number &&
        (one.validFrom === null || Date.parse(one.validFrom) <= now) &&
        (one.validTo === null || now < Date.parse(one.validTo)),
    );
    return holds ? [identity.status] : [];
  });
  return STRICTEST_FIRST.find((status) => found.includes(status)) ?? 'unknown';
}

// --- the topic -------------------------------------------------------------------------------------------------------

const ajv = new Ajv2020({ allErrors: true, strictTypes: false, keywords: ['x-known-values'] });
addFormats.default(ajv);
const isState = ajv.compile<State>(JSON.parse(readFileSync(new URL(SCHEMA, import.meta.url), 'utf8')));

// A group of our own, which commits nothing: the table is in memory, so each start reads from the beginning.
const consumer = new Consumer({
  clientId: 'blocked-numbers',
  groupId: `blocked-numbers-${randomUUID()}`,
  bootstrapBrokers: KAFKA_BROKERS.split(','),
});
const stream = await consumer.consume({ topics: [TOPIC], mode: 'earliest', autocommit: false, maxWaitTime: 100 });
const next = new Map<number, bigint>();
let currentAt = 0;

async function follow(): Promise<void> {
  for await (const { partition, offset, key, value } of stream) {
    next.set(partition, offset + 1n);
    if (value == null) {
      forget(String(key)); // a tombstone; keyturn writes none today
      continue;
    }
    const state: unknown = JSON.parse(String(value));
    if (!isState(state))
      throw new Error(`${TOPIC}/${partition} at ${offset} is not what the schema says: ${ajv.errorsText(isState.errors)}`);
    take(state);
  }
}

/** Whether we have read all that was there a moment ago. Kafka away: no longer, soon. */
async function isCurrent(): Promise<boolean> {
  const [begin, end] = await Promise.all([
    consumer.listOffsets({ topics: [TOPIC], timestamp: -2n }),
    consumer.listOffsets({ topics: [TOPIC] }),
  ]);
  const ends = end.get(TOPIC) ?? [];
  return ends.every((last, partition) => (next.get(partition) ?? begin.get(TOPIC)?.[partition] ?? 0n) >= last);
}
setInterval(async () => {
  if (await isCurrent().catch(() => false)) currentAt = Date.now();
}, 200);

// --- the answers -----------------------------------------------------------------------------------------------------

createInterface(process.stdin).on('line', (line) => {
  const current = Date.now() - currentAt < CURRENT_FOR_MS;
  const answer = (number: string): Status => (current ? statusOf(number) : 'unknown'); // not known to be current is not allowed
  const numbers = () => Object.fromEntries([...holders.keys()].map((number) => [number, answer(number)]));
  console.log(JSON.stringify(line === 'all' ? { current, numbers: numbers() } : { current, status: answer(canonical(line)) }));
});
await follow(); // a record that the schema refuses ends the program: a copy that missed something is not to be asked
