import { consumerTopics, type Group } from '@keyturn/contracts';
import type { Findings } from './findings.ts';
import type { Line } from './line.ts';

type Move = { group_id: string; topic: string; partition: number; was: string; becomes: string };

/** Every record was applied by exactly one transaction of each group: the moves of each offset, as the database wrote them down, lead from the first
 *  record to the last without a step back, a jump or a repeat. And each record that was written for nobody to read has one dead letter. */
export async function checkApplied(line: Line, undecodable: number, { add }: Findings): Promise<void> {
  const moves = await line.query<Move>('select group_id, topic, partition, was, becomes from chaos_offset order by place');
  const byPlace = Map.groupBy(moves, ({ group_id, topic, partition }) => `${group_id} ${topic} ${partition}`);
  for (const [group, topics] of Object.entries(consumerTopics)) {
    for (const topic of topics) {
      for (const [partition, end] of await line.ends(topic.name)) {
        const place = `${group} ${topic.name} ${partition}`;
        follow(place, byPlace.get(place) ?? [], end, add);
      }
    }
  }
  await checkLetters(line, undecodable, add);
}

/** Moves in the order of their notes: under the row's lock, so in the order of their commits. */
function follow(place: string, moves: readonly Move[], end: bigint, add: Findings['add']): void {
  let next = 0n;
  for (const { was, becomes } of moves) {
    if (BigInt(was) > next) add('lost', `${place}: ${next} to ${was} were applied by nobody`);
    if (BigInt(becomes) <= BigInt(was) || BigInt(was) < next) add('doubled', `${place}: went from ${was} to ${becomes} after ${next}`);
    next = BigInt(becomes);
  }
  if (next < end) add('lost', `${place}: ends at ${next}, and the log at ${end}`);
}

async function checkLetters(line: Line, undecodable: number, add: Findings['add']): Promise<void> {
  const letters = await line.query<{ topic: string; partition: string; record: string; count: number }>(
    'select topic, partition, record, count(*)::int as count from chaos_letter group by 1, 2, 3 order by 1, 2, 3',
  );
  for (const { topic, partition, record, count } of letters)
    if (count > 1) add('doubled', `${topic}: record ${partition}/${record} has ${count} dead letters`);
  for (const group of Object.keys(consumerTopics) as Group[]) {
    const found = letters.filter(({ topic }) => topic.endsWith(`.${group}.dlt`)).length;
    if (found < undecodable) add('lost', `${group}: ${found} dead letters of ${undecodable} records that nobody can read`);
    if (found > undecodable) add('lost', `${group}: ${found - undecodable} events were dead-lettered that can be decided on`);
  }
}
