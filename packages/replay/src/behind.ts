import { account, consumerTopics, inbound } from '@keyturn/contracts';
import { withAdmin } from '@keyturn/runtime';
import { groupOffsets, outboxDepth } from '@keyturn/store';
import type { World } from './world.ts';

/** Who has most to do yet. `done` differs from that of before where something was done meanwhile. */
export type Behind = { readonly records: number; readonly who: string; readonly done: string };

const TOPICS = [inbound, account];
const GROUPS = Object.entries(consumerTopics).flatMap(([group, topics]) =>
  TOPICS.filter((topic) => topics.some(({ name }) => name === topic.name)).map((topic) => ({ group, topic })),
);

/** The group that has most records to apply yet of what a replay writes to, or the relay, where it has more to tell. Throws `kafka.unavailable`,
 *  `store.unavailable`. */
export async function mostBehind({ kafka, prefix, database }: World): Promise<Behind> {
  const logs = await withAdmin(kafka, 'Kafka does not say where its topics end', async (admin) => {
    const each = await Promise.all(TOPICS.map(async ({ name }) => [name, await admin.fetchTopicOffsets(prefix + name)] as const));
    return new Map(each);
  });
  const offsets = await groupOffsets(database.pool);
  const groups = GROUPS.map(({ group, topic }): Behind => {
    const nexts = offsets.get(`${group} ${topic.name}`);
    const partitions = (logs.get(topic.name) ?? []).map(({ partition, low, high }) => {
      const next = nexts?.get(partition) ?? BigInt(low);
      return { next, left: BigInt(high) > next ? BigInt(high) - next : 0n };
    });
    return {
      records: Number(partitions.reduce((sum, { left }) => sum + left, 0n)),
      who: `${group} has records of ${topic.name} to apply`,
      done: String(partitions.reduce((sum, { next }) => sum + next, 0n)),
    };
  });
  const { rows, first } = await outboxDepth(database.pool);
  const relay = { records: rows, who: 'the relay has changes to tell', done: String(first) };
  return [...groups, relay].reduce((most, one) => (one.records > most.records ? one : most));
}
