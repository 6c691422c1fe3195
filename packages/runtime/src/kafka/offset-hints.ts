import type { EachBatchPayload } from 'kafkajs';
import type { Log } from '../log.ts';
import { reach } from '../points.ts';

type Teller = Pick<EachBatchPayload, 'isRunning' | 'commitOffsetsIfNecessary'>;
type Partition = { readonly topic: string; readonly partition: number; readonly offset: string };

/** What the group tells Kafka of its offsets: a hint, for whoever looks from outside and for a member that can't ask where it was. */
export type OffsetHints = {
  /** A batch brought its partition up to this offset. */
  passed(payload: Teller & Pick<EachBatchPayload, 'batch'>, offset: bigint): Promise<void>;
  /** The partitions are dealt out anew: what is due may be another member's to say. */
  forget(): void;
  /** Tells what is due, and from now on each offset at once. */
  stop(): Promise<void>;
};

const EVERY_MS = 1_000;

/** Tells Kafka at most once a second, all partitions in one request, and no batch waits for that: each is a write of the broker's, to its disk where
 *  it has no replica, and many small batches would cost more than what they bring. A batch that ends while the member stops waits and tells at once. A
 *  commit that fails costs nothing but reading again: what was applied is known to whoever applied it. A client that has ended, as by a crash, is asked
 *  for nothing: it would connect anew for that, and nobody end it again. */
export function offsetHints(log: Log): OffsetHints {
  const due = new Map<string, Partition>();
  let teller: Teller | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;

  async function tell(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const told = [...due.values()];
    due.clear();
    if (told.length === 0 || !teller?.isRunning()) return;
    try {
      const topics = Map.groupBy(told, ({ topic }) => topic);
      await teller.commitOffsetsIfNecessary({ topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) });
      for (const { topic, partition } of told) reach('consumer.offset_committed', { topic, partition });
    } catch (error) {
      log.debug({ partitions: told.length, error: String(error) }, 'offsets were not committed');
    }
  }

  return {
    async passed(payload, offset) {
      const { topic, partition } = payload.batch;
      due.set(`${topic}/${partition}`, { topic, partition, offset: String(offset) });
      teller = payload;
      if (stopping) await tell();
      else timer ??= setTimeout(() => void tell(), EVERY_MS).unref();
    },
    forget() {
      clearTimeout(timer);
      timer = undefined;
      due.clear();
    },
    async stop() {
      stopping = true;
      await tell();
    },
  };
}
