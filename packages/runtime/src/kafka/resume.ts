import type { Consumer } from 'kafkajs';
import type { Log } from '../log.ts';

/** A partition of a topic, without prefix. */
export type Place = { readonly topic: string; readonly partition: number };
/** Where to read on, as whoever applies the records knows it; a partition that is not answered is read from the group's offset in Kafka. */
export type ResumeAt = (assigned: readonly Place[]) => Promise<readonly (Place & { readonly offset: bigint })[]>;

/** Moves a member that was dealt partitions to where `resumeAt` says. The group's offset in Kafka may be ahead, where the database was put back to an
 *  earlier moment; no record need come for that to be seen. Where it can't be asked now, the next record shows it. Never throws. */
export async function resume(
  consumer: Consumer,
  assigned: readonly Place[],
  options: { prefix: string; resumeAt: ResumeAt; log: Log },
): Promise<void> {
  const { prefix, resumeAt, log } = options;
  try {
    for (const { topic, partition, offset } of await resumeAt(assigned))
      consumer.seek({ topic: prefix + topic, partition, offset: String(offset) });
  } catch (error) {
    log.debug({ error: String(error) }, 'the place to read on from could not be asked for');
  }
}
