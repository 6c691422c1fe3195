import { AppError, type ContactDirectoryEvent } from '@keyturn/contracts';
import type { Identifier, Stored, Told, Whereabouts } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whereabouts } from '../directory/whereabouts.ts';
import { blockedFrom, type Outcome, startFold, take } from '../fold.ts';
import { alongOf } from './along.ts';
import { claim, conclude } from './claim.ts';
import { type Read, readDirectory } from './read-record.ts';
import {
  type Applied,
  aboutOf,
  againOf,
  type ConsumerDefinition,
  deadEnd,
  type Ended,
  letterOf,
  type Run,
  type Shell,
  transactRun,
} from './run.ts';
import { saveFold } from './save-fold.ts';
import { about, namedBy, suspect } from './suspect.ts';

type ReadEvent = Extract<Read<ContactDirectoryEvent>, { kind: 'event' }>;

/** Lets a slice follow the directory: whatever these events say happened, each contact that they name gets what the directory has now. So they may
 *  come late, twice or crossing. */
export async function applyDirectory<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
): Promise<Applied> {
  const reads = run.records.map(readDirectory);
  const events = run.refused === undefined ? reads.filter((read): read is ReadEvent => read.kind === 'event') : [];
  const byScope = Map.groupBy(events, ({ event }) => event.scope);
  const now = shell.now();
  return transactRun(shell, consumer, run, async (tx) => {
    await claim(tx, consumer, run);
    const outcomes = new Map<string, Outcome>();
    const blocked: string[] = [];
    for (const [scope, here] of byScope) blocked.push(...(await follow(tx, consumer, run, { scope, reads: here, now }, outcomes)));
    const ended = reads.map((read): Ended => endOf(read, outcomes, run.refused));
    shell.stopRule.check(aboutOf(ended));
    const lost = reads.filter((_, i) => ended[i]?.kind === 'dead_lettered');
    await suspect(tx, consumer, lost, now, ({ record }) => letterOf(run, record)?.deadLetteredAt ?? now);
    const dead = lost.map((read) => ({
      record: read.record,
      error: errorOf(read, run.refused),
      contactId: about(read).contactIds[0] ?? null,
    }));
    await conclude(tx, consumer, run, ended, dead, now);
    return { ended, blockedFrom: blocked };
  });
}

const errorOf = (read: Read<ContactDirectoryEvent>, refused: unknown) => (read.kind === 'undecodable' ? read.error : refused);

function endOf(read: Read<ContactDirectoryEvent>, outcomes: ReadonlyMap<string, Outcome>, refused: unknown): Ended {
  if (read.kind === 'skipped') return { kind: 'skipped', reason: read.reason };
  if (read.kind === 'undecodable' || refused !== undefined) return deadEnd(read.record, errorOf(read, refused));
  const outcome = outcomes.get(read.event.contactId) ?? { skipped: 'nothing_moved' };
  return typeof outcome === 'string' ? { kind: outcome, contactId: read.event.contactId } : { kind: 'skipped', reason: outcome.skipped };
}

type Here = { readonly scope: string; readonly reads: readonly ReadEvent[]; readonly now: Date };

/** Regroups all contacts of one scope that these events name, in one go; answers when the webhooks came in that blocked somebody. Throws `event.undecided` where that throws: one of them is to blame. */
async function follow<State, View, T extends Told>(
  tx: Tx,
  consumer: ConsumerDefinition<State, View, T>,
  run: Run,
  { scope, reads, now }: Here,
  outcomes: Map<string, Outcome>,
): Promise<string[]> {
  const { where, rows } = await lockAll(tx, consumer, scope, reads);
  const latest = new Map(reads.flatMap((read) => namedBy(read.event).map((contactId) => [contactId, read] as const)));
  const fold = startFold<State, T>(rows);
  try {
    for (const [contactId, decision] of consumer.slice.regroup(rows, where)) {
      const why = whyOf(consumer, run, latest.get(contactId) ?? (reads.at(-1) as ReadEvent));
      outcomes.set(contactId, take(consumer.slice, fold, contactId, decision, why));
    }
  } catch (cause) {
    throw new AppError('event.undecided', 'the slice could not follow the directory', { cause });
  }
  await saveFold(tx, consumer, fold, now.toISOString(), where.who);
  return blockedFrom(fold);
}

function whyOf({ group }: { group: string }, run: Run, { event, record }: ReadEvent) {
  const { redriveId: _others, ...cause } = event.cause; // that the directory's event came of a redrive is its own history
  const own = { actor: `system:${group}`, eventId: event.id, eventType: event.type, ...againOf(run, record) };
  return { cause: { ...cause, ...own }, occurredAt: event.occurredAt, along: alongOf(record) };
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
  const same = where.who.size === rows.size && [...where.who.keys()].every((contactId) => rows.has(contactId));
  if (!same) {
    throw new AppError('batch.contact_moved', 'the directory moved on while the rows were locked');
  }
  return { where, rows };
}
