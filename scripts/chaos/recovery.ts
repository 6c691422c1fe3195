import { consumerTopics, type Group, inbound } from '@keyturn/contracts';
import { until } from '../e2e/until.ts';
import type { Line } from './line.ts';
import type { Load } from './load.ts';

const TIMEOUT_MS = 90_000;
const allGroups = Object.keys(consumerTopics) as Group[];
/** So much must have been written since before it can be seen who goes on: a fair share of partitions and shards has something new then. */
const NEW_ROWS = 40;

/** What can't be asked now is not so yet. */
export const isSoon = (ask: () => Promise<boolean>): Promise<boolean> => ask().catch(() => false);
const soon = <Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> => ask().catch(() => undefined);

/** Whether each partition of these ends is applied by the group. */
async function isApplied(line: Line, group: string, topic: string, ends: ReadonlyMap<number, bigint>): Promise<boolean> {
  const rows = await line.query<{ partition: number; next_offset: string }>(
    'select partition, next_offset from consumer_offset where group_id = $1 and topic = $2',
    [group, topic],
  );
  const next = new Map(rows.map((row) => [row.partition, BigInt(row.next_offset)]));
  return [...ends].every(([partition, end]) => (next.get(partition) ?? 0n) >= end);
}

/** Resolves when the ingress answers 200 to somebody new. */
export const answersAgain = (load: Load): Promise<void> =>
  until('the ingress answers 200 again', async () => (await load.probe()) === 200, TIMEOUT_MS);

/** Resolves when the group has applied, on every partition, something that was written after now. */
export async function appliesAgain(line: Line, group: Group): Promise<void> {
  const before = await untilKnown(() => line.ends(inbound.name));
  let ends: Map<number, bigint> | undefined;
  await until(
    `something new is written to each partition, for ${group}`,
    async () => {
      ends = await soon(() => line.ends(inbound.name));
      return ends !== undefined && [...ends].every(([partition, end]) => end > (before.get(partition) ?? 0n));
    },
    TIMEOUT_MS,
  );
  await until(
    `${group} has applied what was written since`,
    async () => (await soon(() => isApplied(line, group, inbound.name, ends as Map<number, bigint>))) ?? false,
    TIMEOUT_MS,
  );
}

const lastPosition = async (line: Line): Promise<bigint> => {
  const [row] = await line.query<{ last: string }>(
    `select coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'position')), 0) as last`,
  );
  return BigInt(row?.last ?? 0);
};

/** Resolves when rows of the outbox that were written after now are published, and all before them. */
export async function publishesAgain(line: Line): Promise<void> {
  const before = await untilKnown(() => lastPosition(line));
  let upTo = 0n;
  await until(
    'more is told',
    async () => {
      upTo = (await soon(() => lastPosition(line))) ?? 0n;
      return upTo >= before + BigInt(NEW_ROWS);
    },
    TIMEOUT_MS,
  );
  await until(
    'what was told is published',
    async () => (await soon(() => line.query('select from outbox where position <= $1 limit 1', [upTo])))?.length === 0,
    TIMEOUT_MS,
  );
}

/** Resolves when every part of the line goes on: it answers, applies and publishes what comes after now. */
export const allGoesOn = async (line: Line, load: Load): Promise<void> => {
  await answersAgain(load);
  await Promise.all([...allGroups.map((group) => appliesAgain(line, group)), publishesAgain(line)]);
};

async function isAllApplied(line: Line, groups: readonly Group[]): Promise<boolean> {
  for (const group of groups) {
    for (const topic of consumerTopics[group]) if (!(await isApplied(line, group, topic.name, await line.ends(topic.name)))) return false;
  }
  return true;
}

/** Resolves when these groups have nothing left to apply. */
export const appliedAll = (line: Line, groups: readonly Group[]): Promise<void> =>
  until(`${groups.join(' and ')} applied all`, () => isAllApplied(line, groups), TIMEOUT_MS);

/** Resolves when nothing is left to apply or to publish. */
export async function settled(line: Line): Promise<void> {
  const isPublished = async () => (await line.query('select from outbox limit 1')).length === 0;
  const isSettled = async () => (await isAllApplied(line, allGroups)) && (await isPublished()) && isAllApplied(line, allGroups);
  await until('all is applied and published', isSettled, TIMEOUT_MS);
}

async function untilKnown<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  let answer: Answer | undefined;
  await until(
    'the broker and the database can be asked',
    async () => {
      answer = await soon(ask);
      return answer !== undefined;
    },
    TIMEOUT_MS,
  );
  return answer as Answer;
}
