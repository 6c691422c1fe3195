import type { Topic } from '@keyturn/contracts';
import { metrics } from '@keyturn/runtime';
import type { Progress } from './progress.ts';
import type { Ended, FromLog, Run } from './run.ts';

const ROW_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500];
/** To the minute finely, since that is what is promised; beyond, to see an outage. */
const BLOCKED_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
/** What blocks later than that was not under way all the time: a log is read anew, or a dead letter brought back. */
const LATE_SECONDS = 3600;

const consumed = metrics.counter(
  'keyturn_consumed_total',
  'Records by how they ended: applied, touched (times only), skipped or dead_lettered, with the reason or code. Each record that is read ends as one of these.',
  ['group', 'topic', 'outcome', 'reason'],
);
const passed = metrics.counter(
  'keyturn_consumer_passed_records_total',
  'Records that a commit moved the group past. Always the sum of keyturn_consumed_total: else a record ended as nothing, or twice.',
  ['group', 'topic'],
);
const batchRecords = metrics.histogram(
  'keyturn_consumer_batch_records',
  'Records of one partition in one committed transaction.',
  ['group', 'topic'],
  ROW_BUCKETS,
);
const blocked = metrics.histogram(
  'keyturn_webhook_to_blocked_seconds',
  'From the arrival of the webhook that blocked a contact to the commit of the block. What took more than an hour is in keyturn_blocked_late_total instead.',
  [],
  BLOCKED_BUCKETS,
);
const blockedLate = metrics.counter(
  'keyturn_blocked_late_total',
  'Contacts blocked by a webhook that came more than an hour before: after an outage, a replay, or a dead letter brought back.',
);
const redriven = metrics.counter(
  'keyturn_redriven_total',
  'Dead letters that were read again, by how they ended; dead_lettered: failed again, and open.',
  ['group', 'outcome'],
);
const openLetters = metrics.gauge(
  'keyturn_dead_letters_open',
  'Dead letters that await a decision, up to 100,000. Each member of the group shows the same.',
  ['group'],
);
const lag = metrics.gauge('keyturn_consumer_lag_records', 'Records written and not yet applied. Every member says it of all partitions.', [
  'group',
  'topic',
  'partition',
]);
const oldest = metrics.gauge(
  'keyturn_consumer_oldest_unprocessed_seconds',
  'How long the oldest record waits to be applied; 0: none does.',
  ['group', 'topic'],
);
const caughtUp = metrics.gauge(
  'keyturn_consumer_caught_up_timestamp_seconds',
  'Everything that was in the topic at this instant (unix time) has been applied; 0: never.',
  ['group', 'topic'],
);

/** How many records ended how: `applied`, `touched`, `skipped_<reason>`, `dead_lettered`. */
export function tally(ended: readonly Ended[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, reason, count } of counted(ended)) {
    const name = nameOf(outcome, reason);
    counts[name] = (counts[name] ?? 0) + count;
  }
  return counts;
}

const nameOf = (outcome: string, reason: string) => (outcome === 'skipped' ? `skipped_${reason}` : outcome);
/** How one record ended, by its name in the counts. */
export const outcomeOf = (one: Ended): string => nameOf(one.kind, one.kind === 'skipped' ? one.reason : '');

type Counted = { readonly outcome: string; readonly reason: string; count: number };
function counted(ended: readonly Ended[]): Iterable<Counted> {
  const counts = new Map<string, Counted>();
  for (const one of ended) {
    const reason = one.kind === 'skipped' ? one.reason : one.kind === 'dead_lettered' ? one.code : '';
    const key = `${one.kind} ${reason}`;
    const here = counts.get(key);
    if (here === undefined) counts.set(key, { outcome: one.kind, reason, count: 1 });
    else here.count += 1;
  }
  return counts.values();
}

/** Counts how the records of a committed run ended, beside it how far the run moved the group, and how long whoever it blocked had been open to a
 *  stranger, by when the webhooks came. */
export function countEnded(
  group: string,
  { topic, records, from, to }: Run & FromLog,
  ended: readonly Ended[],
  blockedFrom: readonly string[],
  committedAt: Date,
): void {
  const labels = { group, topic: topic.name };
  for (const { outcome, reason, count } of counted(ended)) consumed.inc({ ...labels, outcome, reason }, count);
  passed.inc(labels, Number(to - (from ?? records[0]?.offset ?? to)));
  batchRecords.observe(labels, records.length);
  for (const at of blockedFrom) {
    const seconds = Math.max(0, (committedAt.getTime() - Date.parse(at)) / 1000);
    if (seconds > LATE_SECONDS) blockedLate.inc();
    else blocked.observe(seconds);
  }
}

/** Counts how dead letters ended that were read again, and whom they blocked, late. They are not among the records read, which were counted when they came. */
export function countRedriven(group: string, ended: readonly Ended[], blockedNow: number): void {
  for (const [outcome, count] of Object.entries(tally(ended))) redriven.inc({ group, outcome }, count);
  blockedLate.inc(blockedNow);
}
/** Shows how many dead letters of a group await a decision. */
export const observeOpenLetters = (group: string, count: number): void => openLetters.set({ group }, count);

const DEAD_LETTER_CODES = ['event.undecodable', 'event.undecided', 'store.data'];
/** Shows the group's progress at each scrape, from zero on: a counter whose first value is 1 has never increased. Answers how to end that. */
export function showProgress(group: string, topics: readonly Topic[], progress: Progress): () => void {
  for (const { name: topic } of topics) {
    passed.inc({ group, topic }, 0);
    for (const outcome of ['applied', 'touched']) consumed.inc({ group, topic, outcome, reason: '' }, 0);
    for (const reason of DEAD_LETTER_CODES) consumed.inc({ group, topic, outcome: 'dead_lettered', reason }, 0);
  }
  return metrics.beforeScrape(() => {
    for (const { topic, lags, oldestSeconds, caughtUpAt } of progress.standings(new Date())) {
      for (const { partition, records } of lags) lag.set({ group, topic, partition }, records);
      oldest.set({ group, topic }, oldestSeconds);
      caughtUp.set({ group, topic }, (caughtUpAt?.getTime() ?? 0) / 1000);
    }
  });
}
