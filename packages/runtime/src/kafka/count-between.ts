import type { Topic } from '@keyturn/contracts';
import type { Kafka } from 'kafkajs';
import { withAdmin } from './with-admin.ts';

/** How many records a topic got from each of these instants (in their order) up to the next, by the records' own times. No record is read, and none counts
 *  twice: a record that was written late counts where it stands in the log. Throws `kafka.unavailable`. */
export const countBetween = (kafka: Kafka, prefix: string, topic: Topic, instants: readonly Date[]): Promise<number[]> =>
  withAdmin(kafka, `Kafka does not say what is in ${topic.name}`, (admin) =>
    countsBetween(instants, async (at) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(prefix + topic.name, at.getTime());
      return offsets.reduce((sum, { offset }) => sum + BigInt(offset), 0n);
    }),
  );

/** The differences between neighbours of a position that never falls. It is asked for as seldom as can be: not within a stretch in which it stands still. */
export async function countsBetween(instants: readonly Date[], positionAt: (at: Date) => Promise<bigint>): Promise<number[]> {
  const [first, last] = [instants[0], instants.at(-1)];
  if (first === undefined || last === undefined || instants.length < 2) return [];
  const within = async (from: number, to: number, start: bigint, end: bigint): Promise<number[]> => {
    if (end <= start) return Array.from({ length: to - from }, () => 0);
    const middle = instants[(from + to) >> 1];
    if (to - from === 1 || middle === undefined) return [Number(end - start)];
    const position = await positionAt(middle);
    const before = await within(from, (from + to) >> 1, start, position);
    return [...before, ...(await within((from + to) >> 1, to, position, end))];
  };
  const start = await positionAt(first);
  return within(0, instants.length - 1, start, await positionAt(last));
}
