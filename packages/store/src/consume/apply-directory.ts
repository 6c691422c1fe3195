import { AppError, type ContactDirectoryEvent } from '@keyturn/contracts';
import type { Identifier, Stored, Told, Whereabouts } from '@keyturn/domain';
import { type Tx, transact } from '../database.ts';
import { whereabouts } from '../directory/whereabouts.ts';
import { type Outcome, startFold, take } from '../fold.ts';
import { enqueue } from '../outbox.ts';
import { deadLetter } from './dead-letter.ts';
import { advanceOffset } from './offsets.ts';
import { type Read, readDirectory } from './read-record.ts';
import { aboutOf, type ConsumerDefinition, deadEnd, type Ended, inTransaction, placeOf, type Run, type Shell } from './run.ts';
import { saveFold } from './save-fold.ts';
import { namedBy, suspect } from './suspect.ts';

type ReadEvent = Extract<Read<ContactDirectoryEvent>, { kind: 'event' }>;

/** Lets a slice follow the directory: whatever these events say happened, each contact that they name gets what the directory has now. So they may
 *  come late, twice or crossing. */
export async function applyDirectory<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Ended[]> {
  const reads = run.records.map(readDirectory);
  const events = run.refused === undefined ? reads.filter((read): read is ReadEvent => read.kind === 'event') : [];
  const byScope = Map.groupBy(events, ({ event }) => event.scope);
  return transact(shell.pool, async (tx) => {
    await advanceOffset(tx, placeOf(consumer, run), run.from, run.to, run.caughtUpAt);
    const outcomes = new Map<string, Outcome>();
    for (const [scope, here] of byScope) await follow(tx, shell, consumer, scope, here, outcomes);
    const ended = reads.map((read): Ended => endOf(read, outcomes, run.refused));
    shell.stopRule.check(aboutOf(ended));
    const dead = reads.filter((_, i) => ended[i]?.kind === 'dead_lettered');
    await suspect(tx, consumer, dead, shell.now().toISOString());
    await enqueue(
      tx,
      dead.map((read) => deadLetter(read.record, { ...run, group: consumer.group }, errorOf(read, run.refused), run.attempt)),
    );
    inTransaction(consumer, run);
    return ended;
  });
}

const errorOf = (read: Read<ContactDirectoryEvent>, refused: unknown) => (read.kind === 'undecodable' ? read.error : refused);

function endOf(read: Read<ContactDirectoryEvent>, outcomes: ReadonlyMap<string, Outcome>, refused: unknown): Ended {
  if (read.kind === 'skipped') return { kind: 'skipped', reason: read.reason };
  if (read.kind === 'undecodable' || refused !== undefined) return deadEnd(read.record, errorOf(read, refused));
  const outcome = outcomes.get(read.event.contactId) ?? { skipped: 'nothing_moved' };
  return typeof outcome === 'string' ? { kind: outcome, contactId: read.event.contactId } : { kind: 'skipped', reason: outcome.skipped };
}

/** Regroups all contacts of one scope that these events name, in one go. */
async function follow<State, View, T extends Told>(
  tx: Tx,
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  scope: string,
  reads: readonly ReadEvent[],
  outcomes: Map<string, Outcome>,
): Promise<void> {
  const { where, rows } = await lockAll(tx, consumer, scope, reads);
  const latest = new Map(reads.flatMap(({ event }) => namedBy(event).map((contactId) => [contactId, event] as const)));
  const fold = startFold<State, T>(rows);
  for (const [contactId, decision] of consumer.slice.regroup(rows, where)) {
    const event = latest.get(contactId) ?? (reads.at(-1) as ReadEvent).event;
    const cause = { ...event.cause, actor: `system:${consumer.group}`, eventId: event.id, eventType: event.type };
    outcomes.set(contactId, take(consumer.slice, fold, contactId, decision, { cause, occurredAt: event.occurredAt }));
  }
  await saveFold(tx, consumer, fold, shell.now().toISOString(), where.who);
}

/** Locks the rows of all who hold, or held, what the events name; asks once more when they are locked, since the directory may have moved on. */
async function lockAll<State, T extends Told>(
  tx: Tx,
  consumer: ConsumerDefinition<State, unknown, T> | Pick<ConsumerDefinition<State, unknown, T>, 'repository'>,
  scope: string,
  reads: readonly ReadEvent[],
): Promise<{ where: Whereabouts; rows: Map<string, Stored<State>> }> {
  const contactIds = [...new Set(reads.flatMap(({ event }) => namedBy(event)))];
  const identifiers = [...new Set(reads.flatMap(({ event }) => event.moves.map((move) => move.identifier as Identifier)))];
  const before = await whereabouts(tx, scope, contactIds, identifiers);
  const rows = await consumer.repository.load(tx, [...before.who.keys()].sort());
  const where = await whereabouts(tx, scope, contactIds, identifiers);
  if ([...where.who.keys()].some((contactId) => !rows.has(contactId))) {
    throw new AppError('batch.contact_moved', 'the directory moved on while the rows were locked');
  }
  return { where, rows };
}
