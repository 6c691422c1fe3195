import { AppError, Cause, type Facet, type Group, headers, type Topic } from '@keyturn/contracts';
import type { Slice, Told } from '@keyturn/domain';
import { type IncomingRecord, reach } from '@keyturn/runtime';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import type { Repository } from '../repository.ts';
import type { StopRule } from './stop-rule.ts';

/** What a consumer is: which slice it keeps, where, and what it reads. */
export type ConsumerDefinition<State, View, T extends Told> = {
  readonly group: Group;
  readonly topics: readonly Topic[];
  /** Items without any of these are skipped before they are parsed. */
  readonly facets: readonly Facet[];
  readonly slice: Slice<State, View, T>;
  /** It also records how far messages of ours got, in the same transaction: rows that are counted, and decide nothing. */
  readonly recordsOutbound?: true;
  /** It is told under which hash a refused message went, where the gate sent it. */
  readonly asksWhatWasSent?: true;
  readonly repository: Repository<State, T>;
  /** Where it tells what changed. */
  readonly tells: { readonly events: Topic; readonly state: Topic };
};

/** A consumer whose rows are not contacts': it applies a run by itself, in one transaction with `claim` and `conclude`. */
export type PlainConsumer = {
  readonly group: Group;
  readonly topics: readonly Topic[];
  apply(shell: Shell, consumer: PlainConsumer, run: Run): Promise<Applied>;
};
/** Whoever reads topics and applies what they bring. */
export type Consumer<State, View, T extends Told> = ConsumerDefinition<State, View, T> | PlainConsumer;

/** A run of records of one partition, to be applied in one transaction: as the log brings them, or read again from the dead letters. */
export type Run = {
  readonly topic: Topic;
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  /** How often the transaction was tried, this one included. */
  readonly attempt: number;
  /** Set where the record itself was refused by the database: it is not decided on, its loss is. */
  readonly refused?: unknown;
} & (FromLog | FromLetters);
/** What the log brings, and how far. */
export type FromLog = {
  /** What the group's offset is taken to be; null: the group never read this partition. */
  readonly from: bigint | null;
  readonly to: bigint;
  readonly caughtUpAt: Date;
};
/** A run as the log brings it. */
export type FromLogRun = Run & FromLog;
type FromLetters = {
  /** The letter of each record, by its offset. The group's own offset stays where it is. */
  readonly letters: ReadonlyMap<bigint, Letter>;
};
/** A dead letter that is read again, and the decision to do so. */
export type Letter = { readonly deadLetterId: string; readonly decisionId: string; readonly deadLetteredAt: Date };
/** The letter that a record of a run was; undefined: the log brought it. */
export const letterOf = (run: Run, { offset }: IncomingRecord): Letter | undefined =>
  'letters' in run ? run.letters.get(offset) : undefined;

/** How a record ended. Exactly one of these, so that the counts add up. */
export type Ended =
  | { readonly kind: 'applied' | 'touched'; readonly contactId: string }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'dead_lettered'; readonly about: string; readonly code: string };

/** What a run came to: each record's end, and when the webhooks came in that blocked somebody. */
export type Applied = { readonly ended: readonly Ended[]; readonly blockedFrom: readonly string[] };

/** What the shell gives to every run. */
export type Shell = { readonly pool: pg.Pool; readonly now: () => Date; readonly newContactId: () => string; readonly stopRule: StopRule };

/** What a change says of its cause where the record is read again, or its webhook was; nothing where it came as ever. */
export function againOf(run: Run, record: IncomingRecord): Pick<Cause, 'redriveId' | 'replayId'> {
  const redriveId = letterOf(run, record)?.decisionId;
  const said = record.headers[headers.replayId];
  const replayId = said === undefined ? undefined : Cause.shape.replayId.safeParse(said).data;
  return { ...(redriveId !== undefined && { redriveId }), ...(replayId !== undefined && { replayId }) };
}
/** A record that was not decided on. It is counted by whom it is about, as its key says. */
export const deadEnd = (record: IncomingRecord, error: unknown): Ended => ({
  kind: 'dead_lettered',
  about: record.key ?? '',
  code: error instanceof AppError ? error.code : 'event.undecided',
});
/** For the stop rule: whom each dead letter is about. */
export const aboutOf = (ended: readonly Ended[]) => ended.map((one) => (one.kind === 'dead_lettered' ? one.about : null));
/** Where the run stands in the group's offsets. */
export const placeOf = (consumer: { group: string }, run: Run) => ({
  group: consumer.group,
  topic: run.topic.name,
  partition: run.partition,
});

/** The transaction of a run, with its points. */
export const transactRun = <Result>(
  shell: Shell,
  consumer: { group: string },
  run: Run,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> => transactRuns(shell, consumer, [run], work);

/** The same of runs that are applied together. */
export function transactRuns<Result>(
  shell: Shell,
  consumer: { group: string },
  runs: readonly Run[],
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const passAll = (point: 'consumer.in_transaction' | 'consumer.committed') => {
    for (const run of runs) reach(point, placeOf(consumer, run));
  };
  const written = async (tx: Tx) => {
    const result = await work(tx);
    passAll('consumer.in_transaction');
    return result;
  };
  return transact(shell.pool, written, () => passAll('consumer.committed'));
}

/** Up to when their partition is known to be applied once these are: by their own time, since between the broker's answer and this batch's turn more
 *  may have come. Where the log is at its end, `keepCaughtUp` says so. Never later than `now`, whatever a producer's clock says. */
export const caughtUpAt = (records: readonly IncomingRecord[], now: Date): Date =>
  new Date(Math.min(now.getTime(), records.at(-1)?.timestamp ?? 0));
