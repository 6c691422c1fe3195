import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { allTopics, consumerTopics } from '@keyturn/contracts';
import { hasSchema } from '@keyturn/testkit/check-record';
import { readExamples } from '../contracts/examples.ts';
import { messages } from '../contracts/messages.ts';
import { contractsFolder } from '../contracts/published.ts';
import { type Line, startLine } from './line.ts';
import { seededRun } from './seeded-run.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
}, 60_000);
afterAll(() => line.stop(), 60_000);

it('every record that a seeded run leaves, on every topic, is what the published schemas say', async () => {
  await seededRun(line, 1, { persons: 20, numbers: 25, rounds: 4, turns: 80 });
  for (const { name } of allTopics) if (hasSchema(name)) expect([name, (await line.read(name)).length]).toEqual([name, expect.any(Number)]);
}, 120_000);

it('every example is taken by every consumer of its topic', async () => {
  const examples = readExamples(path.join(contractsFolder, 'examples'), messages);
  for (const { topic, record } of examples) {
    if (topic.startsWith('whatsapp.inbound') || topic === 'contact.events.v1')
      await line.write(topic, { key: Buffer.from(record.key), value: Buffer.from(JSON.stringify(record.value)), headers: record.headers });
  }
  await line.settled();
  for (const [group, topics] of Object.entries(consumerTopics)) {
    for (const { name } of topics) {
      const { outcomes, records } = await line.ended(group, name);
      const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
      expect([group, name, all, outcomes.dead_lettered ?? 0]).toEqual([group, name, records, 0]);
    }
  }
}, 60_000);
