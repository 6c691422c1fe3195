import type { Topic } from '@keyturn/contracts';
import type { Kafka } from 'kafkajs';
import { withAdmin } from './with-admin.ts';

/** Records of one partition, `from` included, `to` not. */
export type LogSpan = { readonly partition: number; readonly from: bigint; readonly to: bigint };
/** `cut`: the log begins with the span and had records before, which are gone. */
export type FoundSpan = LogSpan & { readonly cut: boolean };

/** Of each partition what was written from `from` on (null: from its beginning) and before `to` (null: to its end now), by the records' own times.
 *  Throws `kafka.unavailable`. */
export const spansBetween = (kafka: Kafka, prefix: string, topic: Topic, from: Date | null, to: Date | null): Promise<FoundSpan[]> =>
  withAdmin(kafka, `Kafka does not say what is in ${topic.name}`, async (admin) => {
    const name = prefix + topic.name;
    const firstAfter = async (at: Date) =>
      new Map((await admin.fetchTopicOffsetsByTimestamp(name, at.getTime())).map(({ partition, offset }) => [partition, BigInt(offset)]));
    const [starts, ends] = [from && (await firstAfter(from)), to && (await firstAfter(to))];
    const logs = await admin.fetchTopicOffsets(name);
    return logs
      .map(({ partition, low, high }) => {
        const start = starts?.get(partition) ?? BigInt(low);
        return { partition, from: start, to: ends?.get(partition) ?? BigInt(high), cut: BigInt(low) > 0n && start === BigInt(low) };
      })
      .sort((a, b) => a.partition - b.partition);
  });
