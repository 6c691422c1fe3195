import { consumerTopics, type DeadLetterJson, type InboundEvent, inbound } from '@keyturn/contracts';
import { apply, identitySlice } from '@keyturn/domain';
import type { IncomingRecord } from '@keyturn/runtime';
import { inboundRecord, message, testLog, until } from '@keyturn/testkit';
import { v7 } from 'uuid';
import { applyBatch } from '../consume/apply-batch.ts';
import { identity } from '../consume/identity-consumer.fixture.ts';
import type { ConsumerDefinition, Ended, Shell } from '../consume/run.ts';
import { stopRule } from '../consume/stop-rule.ts';
import type { Database } from '../database.ts';
import { directoryDatabase } from '../directory/directory.fixture.ts';
import { listDeadLetters } from '../queries/dead-letters.ts';
import { decideLetters } from './decide-letters.ts';
import { type RedrivePace, startRedriver } from './redriver.ts';

export type Definition = ConsumerDefinition<never, never, never>;
export const asDefinition = (definition: unknown) => definition as Definition;
const throwing = (say: string) => () => {
  throw new Error(say);
};

export const working = asDefinition(identity);
/** A fault of ours: it throws for everything that is sent with this name. */
export const broken = asDefinition({
  ...identity,
  slice: {
    ...identitySlice,
    idle: () => null,
    decide: (stored: never, input: { wamid?: string }) =>
      input.wamid?.startsWith('wamid.bad')
        ? throwing('a fault of ours on number 4915700000000')()
        : identitySlice.decide(stored, input as never),
  },
});
/** Throws for everything. */
export const failing = asDefinition({
  ...identity,
  slice: { ...identitySlice, idle: () => null, decide: throwing('another fault of ours') },
});
/** Can't follow the directory. */
export const unable = asDefinition({ ...identity, slice: { ...identitySlice, regroup: throwing('a fault of ours') } });
/** Tells something each time it is asked: what it is asked twice is told twice. */
export const counting = asDefinition({
  ...identity,
  slice: {
    ...identitySlice,
    idle: () => null,
    decide: ({ state }: { state: never }) => apply(state, { type: 'identity.hash_learned' }),
  },
});

let people = 0;
export const newNumber = () => `4915800${String(++people).padStart(6, '0')}`;
/** A message on which `broken` throws. */
export const bad = (waId: string, at: number, identityKeyHash?: string) =>
  message({ waId, at, wamid: `wamid.bad.${waId}.${at}`, ...(identityKeyHash === undefined ? {} : { identityKeyHash }) });
export const recordsOf = (...events: InboundEvent[]) => events.map((event) => inboundRecord(event, 0n));

const log = testLog();
export const PACE: RedrivePace = { pollMs: 10, lettersMax: 20, bytesMax: 1_000_000, restTimes: 0 };
type Named = readonly { readonly deadLetterId: string }[];
const idsOf = (letters: Named) => letters.map(({ deadLetterId }) => deadLetterId);

/** A database that three members use, with dead letters made by faults of ours, and what is done about them. */
export type Letters = Awaited<ReturnType<typeof lettersWorld>>;
export async function lettersWorld() {
  const { databases, close } = await directoryDatabase(3);
  const pool = (index = 0) => (databases[index] as Database).pool;
  const query = async <Row>(text: string, values: unknown[] = []) => (await pool().query(text, values)).rows as Row[];
  const shellOf = (index = 0): Shell => ({
    ...{ pool: pool(index), now: () => new Date(), newContactId: v7, stopRule: stopRule('identity') },
  });
  const offsets = new Map<number, bigint>();
  const asked = (action: 'redrive' | 'discard', more: object) =>
    decideLetters(pool(), { decisionId: v7(), action, actor: 'key:test', reason: 'mended', decidedAt: new Date().toISOString(), ...more });
  const statusesOf = async (letters: Named) =>
    (
      await query<{ status: string }>('select status from dead_letter where dead_letter_id = any($1::uuid[]) order by dead_letter_id', [
        idsOf(letters),
      ])
    ).map(({ status }) => status);
  return {
    ...{ databases, close, pool, query, shellOf, asked, statusesOf },
    /** Applies live records after those that this partition had. */
    async live(definition: Definition, records: readonly IncomingRecord[], partition: number, index = 0): Promise<Ended[]> {
      const from = offsets.get(partition) ?? null;
      const numbered = records.map((record, i) => ({ ...record, offset: (from ?? 0n) + BigInt(i) }));
      const to = (from ?? 0n) + BigInt(records.length);
      offsets.set(partition, to);
      const run = { topic: inbound, partition, records: numbered, from, to, caughtUpAt: new Date(), attempt: 1 };
      return applyBatch(shellOf(index), definition, run);
    },
    async open(partition: number): Promise<DeadLetterJson[]> {
      const all = await listDeadLetters(pool(), { status: 'open', group: 'identity' }, 100_000, null);
      return all.filter((letter) => letter.partition === partition);
    },
    redrive: (letters: Named) => asked('redrive', { ids: idsOf(letters) }),
    settled: (letters: Named) => until('the letters are read again', async () => !(await statusesOf(letters)).includes('requested')),
    /** A member that reads letters of these partitions again, until it is stopped. */
    redriver(definition: Definition, partitions: number | readonly number[], index = 0) {
      const places = [partitions].flat().flatMap((partition) => consumerTopics.identity.map((topic) => ({ topic: topic.name, partition })));
      return startRedriver({ shell: shellOf(index), definition, assigned: () => places, log, pace: PACE });
    },
    journalOf: (waId: string) =>
      query<{ type: string; version: number; cause: { redriveId?: string } }>(
        `select j.type, j.version, j.cause from journal j join identifier_period p using (contact_id)
         where p.identifier = $1 and j.slice = 'identity' order by j.entry_id`,
        [`w:${waId}`],
      ),
    async identityOf(waId: string) {
      const [row] = await query<{ state: never; version: number; contact_id: string }>(
        `select s.state, s.version, s.contact_id from identity_state s join identifier_period p using (contact_id) where p.identifier = $1`,
        [`w:${waId}`],
      );
      if (row === undefined) throw new Error('nobody has this number');
      return { ...identitySlice.view(row.state, row.version), contactId: row.contact_id };
    },
  };
}
