import { AppError, type Cause, headers, type InboundEvent, silenceOf } from '@keyturn/contracts';
import { type Identifier, type Resolved, secondOf, skip, type Told } from '@keyturn/domain';
import type { IncomingRecord } from '@keyturn/runtime';
import { atOnce, type Tx } from '../database.ts';
import type { Dead } from '../dead-letters/keep-letters.ts';
import { hasMoved } from '../directory/holders-now.ts';
import { type ResolvedTo, resolve, type ToResolve } from '../directory/resolve.ts';
import { holdScopes, scopesIn } from '../directory/waba-scopes.ts';
import { blockedFrom, type Fold, startFold, take } from '../fold.ts';
import { outboundFacts, recordOutbound } from '../outbound/record-outbound.ts';
import { withSentUnder } from '../outbound/sent-under.ts';
import type { Along } from '../outbox.ts';
import { alongOf } from './along.ts';
import { claim, conclude } from './claim.ts';
import { type Read, readInbound } from './read-record.ts';
import {
  type Applied,
  aboutOf,
  againOf,
  type ConsumerDefinition,
  deadEnd,
  type Ended,
  type FromLogRun,
  type Run,
  type Shell,
  transactRuns,
} from './run.ts';
import { saveFold } from './save-fold.ts';

type ReadEvent = Extract<Read<InboundEvent>, { kind: 'event' }>;
/** What is told of why something changed. */
type Why = { readonly cause: Cause; readonly occurredAt: string; readonly along: Along };
/** Whom an event is about, and why it decides nothing whatever is stored of them; or, `idle` null, what it may decide. */
type Found = { readonly to: ResolvedTo } & ({ readonly idle: string } | Deciding);
type Deciding = { readonly to: ResolvedTo; readonly input: Resolved; readonly why: Why; readonly idle: null };

/** Applies inbound records, of one partition or of several, in one transaction: who each is about is settled first, in a transaction of its own; then
 *  rows are locked, and if somebody has become somebody else in between, `batch.contact_moved` starts it over. Letters that are read again, and a
 *  record that was refused, come alone. */
export async function applyInbound<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  first: Run,
  ...others: readonly FromLogRun[]
): Promise<Applied[]> {
  const runs = [first, ...others] as const;
  const runAt = runs.flatMap(({ records }, i) => records.map(() => i)); // of each record
  const { found, outbound, left } = await readRuns(shell, consumer, runs);
  const believed = scopesIn([...outbound, ...[...found.values()].map(({ to }) => to)]);
  const deciding = [...found.values()].filter((one) => one.idle === null);
  return transactRuns(shell, consumer, runs, async (tx) => {
    const contactIds = [...new Set(deciding.map(({ to }) => to.contactId))].sort();
    const [, rows] = await atOnce(
      tx,
      () => believed.size > 0 && holdScopes(tx, shell.pool, believed),
      () => (contactIds.length === 0 ? new Map() : consumer.repository.load(tx, contactIds)),
      () => refuseMoved(tx, deciding), // asked in this order, so of what is locked
      ...runs.map((run) => () => claim(tx, consumer, run)),
      () => recordOutbound(tx, outbound),
    );
    const fold = startFold<State, T>(rows);
    const deadOf = runs.map((): Dead[] => []);
    const end = (read: (typeof left)[number], dead: Dead[]): Ended => {
      if (!('record' in read)) return read;
      const here = found.get(read.record);
      const error = here?.idle === null ? decideOn(consumer, fold, here, first.refused) : { cause: faultOf(read, first.refused) };
      if (!('cause' in error)) return error;
      dead.push({ record: read.record, error: error.cause, contactId: here?.to.contactId ?? null });
      return deadEnd(read.record, error.cause);
    };
    const ended = left.map((read, at) => end(read, deadOf[runAt[at] as number] as Dead[]));
    shell.stopRule.check(aboutOf(ended));
    const endedOf = runs.map((_, i) => ended.filter((_, at) => runAt[at] === i));
    const now = shell.now();
    await saveFold(tx, consumer, fold, now.toISOString());
    for (const [i, run] of runs.entries()) await conclude(tx, consumer, run, endedOf[i] as Ended[], deadOf[i] as Dead[], now);
    return endedOf.map((own, i) => ({ ended: own, blockedFrom: i === 0 ? blockedFrom(fold) : [] }));
  });
}

/** What the runs say: whom each event is about, what it says of messages of ours, and how each record ended, or the record where that is yet to be decided.
 *  An event that decides nothing, as most, ends here: whatever is kept until the transaction ends is carried along by each collection of garbage. */
async function readRuns<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  runs: readonly [Run, ...FromLogRun[]],
) {
  const [first] = runs;
  const { refused } = first;
  const facets = new Set<string>(consumer.facets);
  const plain = runs.flatMap(({ records }) => records.map((record) => readInbound(record, facets)));
  const reads = consumer.asksWhatWasSent ? await knowingSent(shell.pool, plain) : plain;
  const whyOf = ({ event, record }: ReadEvent): Why => ({
    cause: causeOf(event, consumer.group, againOf(first, record)),
    occurredAt: event.occurredAt,
    along: { ...alongOf(record), [headers.receivedAt]: event.receivedAt },
  });
  const found = await findContacts(shell, consumer, whyOf, reads, refused);
  const outbound = consumer.recordsOutbound && refused === undefined ? await outboundFacts(shell.pool, eventsOf(reads)) : [];
  return { found, outbound, left: reads.map((read) => idleEnd(read, found.get(read.record), refused) ?? read) };
}

/** The same, each refusal with the hash that the message carried, where it is known. */
async function knowingSent(tx: Tx, reads: readonly Read<InboundEvent>[]): Promise<readonly Read<InboundEvent>[]> {
  const events = eventsOf(reads);
  const known = await withSentUnder(tx, events);
  if (known === events) return reads;
  let next = 0;
  return reads.map((read) => (read.kind === 'event' ? { ...read, event: known[next++] as InboundEvent } : read));
}

/** How a record ends on which nothing is to be decided; null: something is, or it is a dead letter. */
function idleEnd(read: Read<InboundEvent>, here: Found | undefined, refused: unknown): Ended | null {
  if (read.kind === 'skipped') return { kind: 'skipped', reason: read.reason };
  if (read.kind !== 'event') return null;
  if (read.onlyReach) return refused === undefined ? { kind: 'skipped', reason: 'recorded' } : null;
  if (here === undefined) return { kind: 'skipped', reason: silenceOf(read.event) ?? 'nobody' };
  return here.idle === null ? null : { kind: 'skipped', reason: here.idle };
}
const faultOf = (read: Read<InboundEvent>, refused: unknown) => (read.kind === 'undecodable' ? read.error : refused);
const eventsOf = (reads: readonly Read<InboundEvent>[]) => reads.flatMap((read) => (read.kind === 'event' ? read.event : []));

async function findContacts<State, View, T extends Told>(
  shell: Shell,
  consumer: ConsumerDefinition<State, View, T>,
  whyOf: (read: ReadEvent) => Why,
  reads: readonly Read<InboundEvent>[],
  refused: unknown,
): Promise<Map<IncomingRecord, Found>> {
  // What counts for nothing makes nobody a contact.
  const events = reads.filter((read) => read.kind === 'event' && !read.onlyReach && silenceOf(read.event) === null) as ReadEvent[];
  if (events.length === 0) return new Map();
  const whys = events.map(whyOf);
  const answers = await resolve(
    shell.pool,
    events.map(({ event }, i) => toResolve(event, whys[i] as Why)),
    shell.now(),
    shell.newContactId,
  );
  return new Map(
    events.flatMap((read, i) => {
      const to = answers[i];
      if (!to) return [];
      const { contactId, as, at } = to;
      const input = { ...read.event, contactId, as, at } as Resolved;
      const idle = refused === undefined ? idleReason(consumer, input) : null;
      const one: Found = idle === null ? { to, input, why: whys[i] as Why, idle } : { to, idle };
      return [[read.record, one] as const];
    }),
  );
}

/** For what decides nothing no row has to be locked. */
function idleReason<State, View, T extends Told>({ slice }: ConsumerDefinition<State, View, T>, input: Resolved): string | null {
  try {
    return slice.idle(input);
  } catch {
    return null; // to be dead-lettered, under the lock
  }
}

function toResolve(event: InboundEvent, why: Why): ToResolve {
  const at = secondOf(event.occurredAt);
  const fact =
    event.type === 'number.changed'
      ? ({ type: 'report', previous: event.previous, current: event.current, at } as const)
      : ({ type: 'item', ids: event, at } as const);
  return { wabaId: event.wabaId, phoneNumberId: event.phoneNumberId, fact, ...why };
}

const causeOf = (event: InboundEvent, group: string, again: Pick<Cause, 'redriveId' | 'replayId'>): Cause => ({
  actor: `system:${group}`,
  eventId: event.id,
  eventType: event.type,
  source: event.source,
  ...again,
});

async function refuseMoved(tx: Tx, found: readonly Pick<Found, 'to'>[]): Promise<void> {
  if (found.length === 0) return;
  const points = found.map(({ to }) => ({ scope: to.scope, identifier: to.as as Identifier, at: to.at, contactId: to.contactId }));
  if (await hasMoved(tx, points)) throw new AppError('batch.contact_moved', 'a contact became another while its rows were locked');
}

/** Decides on one event; what the decision throws comes back as a cause, after its loss was decided on. */
function decideOn<State, View, T extends Told>(
  consumer: ConsumerDefinition<State, View, T>,
  fold: Fold<State, T>,
  { to, input, why }: Deciding,
  refused: unknown,
): Ended | { cause: unknown } {
  const stored = fold.rows.get(to.contactId);
  if (stored === undefined) throw new TypeError('a contact was loaded without its row');
  try {
    if (refused !== undefined) throw refused;
    const outcome = take(consumer.slice, fold, to.contactId, consumer.slice.decide(stored, input), why);
    return typeof outcome === 'string' ? { kind: outcome, contactId: to.contactId } : { kind: 'skipped', reason: outcome.skipped };
  } catch (cause) {
    take(consumer.slice, fold, to.contactId, consumer.slice.undecided?.(stored, input) ?? skip('undecided'), why);
    return { cause };
  }
}
