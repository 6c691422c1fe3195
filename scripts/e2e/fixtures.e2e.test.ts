import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consumerTopics, webhooks } from '@keyturn/contracts';
import { readExamples } from '../contracts/examples.ts';
import { messages } from '../contracts/messages.ts';
import { contractsFolder } from '../contracts/published.ts';
import { type Line, startLine } from './line.ts';

const folder = new URL('../../packages/normalize/fixtures/', import.meta.url);
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.json'));

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

it('every webhook fixture is answered 200, and each record ends exactly once in each group that reads it', async () => {
  expect(fixtures.length).toBe(167);
  for (const name of fixtures) expect([name, await line.post(readFileSync(new URL(name, folder)))]).toEqual([name, 200]);
  await line.settled();
  expect((await line.read(webhooks.name)).length).toBe(fixtures.length);
  await allEnded();
});

/** Each record that a group reads is counted once, and none is a dead letter. */
async function allEnded(): Promise<void> {
  for (const [group, topics] of Object.entries(consumerTopics)) {
    for (const topic of topics) {
      const { outcomes, records } = await line.ended(group, topic.name);
      expect(records).toBeGreaterThan(0);
      expect([group, topic.name, sum(outcomes)]).toEqual([group, topic.name, records]);
      expect(outcomes.dead_lettered ?? 0).toBe(0);
    }
  }
}

it('all of them once more change no answer', async () => {
  const answers = async () => [
    ...(await line.query('select contact_id, version, status from identity_state order by contact_id')),
    ...(await line.query('select kind, id, state from account_state order by 1, 2')),
    ...(await line.query('select phone_number_id, day, sample from account_day order by 1, 2')),
    ...(await line.query('select kind, id, count(*) from account_entry group by 1, 2 order by 1, 2')),
  ];
  const before = await answers();
  expect(before.length).toBeGreaterThan(0);
  for (const name of fixtures.toReversed()) await line.post(readFileSync(new URL(name, folder)));
  await line.settled();
  expect(await answers()).toEqual(before);
});

it('every published example is taken by every consumer of its topic', async () => {
  const read = new Set(Object.values(consumerTopics).flatMap((topics) => topics.map(({ name }) => name)));
  const examples = readExamples(path.join(contractsFolder, 'examples'), messages).filter(({ topic }) => read.has(topic));
  expect(new Set(examples.map(({ topic }) => topic))).toEqual(read);
  for (const { topic, record } of examples) {
    const [key, value] = [Buffer.from(record.key), Buffer.from(JSON.stringify(record.value))];
    await line.write(topic, { key, value, headers: record.headers });
  }
  await line.settled();
  await allEnded();
});

const sum = (outcomes: Record<string, number>) => Object.values(outcomes).reduce((total, count) => total + count, 0);
