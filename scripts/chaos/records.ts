import { headers, inbound } from '@keyturn/contracts';
import { normalize } from '@keyturn/normalize';
import { createLog, startPublisher } from '@keyturn/runtime';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import { type Line, startLine } from './line.ts';
import { bodyOf, passerBy } from './people.ts';
import { appliedAll, isSoon } from './recovery.ts';

/** Records that nobody can read; a hole in the log; a release that throws for everybody. */
export const records: Fault = async (scene) => {
  await Promise.all([undecodable(scene), gap(scene), throwsForEverybody(scene)]);
};

/** Each becomes one dead letter of each group, and their neighbours are applied. */
async function undecodable({ line, strangers }: Scene): Promise<void> {
  const values = ['{', '{"id":"e","type":"message.received"}', ''];
  const producer = line.kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 5 } });
  await producer.connect();
  await producer.send({ topic: line.prefix + inbound.name, messages: values.map((value, i) => ({ key: `nobody ${i}`, value })) });
  await producer.disconnect();
  values.forEach((_, i) => void strangers.add(`nobody ${i}`));
}

const isStopped = async (line: Line, name: 'contact' | 'identity') =>
  (await line.service(name).metrics()).includes(`keyturn_service_stopped{service="${name}"} 1`);
const offsets = (line: Line) =>
  line.query<{ next: string }>('select sum(next_offset) as next from consumer_offset where topic = $1', [inbound.name]);

/** What the ingress would write for these people. */
async function write(line: Line, from: number, to: number): Promise<void> {
  const people = Array.from({ length: to - from }, (_, i) => passerBy(from + i));
  const body = Buffer.from(bodyOf(people.flatMap(({ parts }) => parts[0] ?? [])));
  const events = normalize(body, { webhookId: 'written', receivedAt: new Date() });
  const publisher = await startPublisher({ kafka: line.kafka, prefix: line.prefix, log: createLog('chaos', { level: 'silent' }) });
  const headersOf = (facets: readonly string[]) => ({ [headers.facets]: facets.join(',') });
  await publisher.publish(
    events.map(({ topic, key, event, facets }) => ({ topic, key, value: JSON.stringify(event), headers: headersOf(facets) })),
  );
  await publisher.stop();
}

/** The consumer that finds it stops and says so, and jumps over nothing. */
async function gap({ parts }: Scene): Promise<void> {
  const line = await startLine(parts, 'gap', ['contact']);
  try {
    await write(line, 0, 20);
    await appliedAll(line, ['contact']);
    await line.service('contact').stop();
    const [before] = await offsets(line);
    await write(line, 20, 60);
    const ends = await line.ends(inbound.name);
    await line.deleteUpTo(inbound.name, ends);
    await write(line, 60, 80);
    void line
      .service('contact')
      .start()
      .catch(() => {}); // it will not be ready
    await until('the consumer stops and pages', () => isSoon(() => isStopped(line, 'contact')));
    const [after] = await offsets(line);
    if (after?.next !== before?.next) throw new Error(`a gap in the log was jumped over, from ${before?.next} to ${after?.next}`);
  } finally {
    await line.stop();
  }
}

const PEOPLE = 100;
/** Fewer than 20 in each of the three batches that are decided on at a time: each knows only of those that were committed before it. */
const LETTERS_MAX = 3 * 19;

/** The consumer stops and says so before it has dead-lettered the world; the release that mends it goes on where it was. */
async function throwsForEverybody({ parts }: Scene): Promise<void> {
  const line = await startLine(parts, 'broken', ['identity'], { identity: 'throw-for-everybody' });
  const letters = async () => (await line.query(`select from outbox where topic like '%.dlt'`)).length;
  try {
    await write(line, 0, PEOPLE);
    await until('the consumer stops and pages', () => isSoon(() => isStopped(line, 'identity')));
    if ((await letters()) > LETTERS_MAX) throw new Error(`${await letters()} dead letters were written before the consumer stopped`);
    await line.service('identity').stop();
    await line.service('identity').start();
    await appliedAll(line, ['identity']);
    const blocked = await line.query(`select from identity_state where status = 'blocked'`);
    const known = await line.query('select from identity_state');
    if (known.length !== PEOPLE || blocked.length !== (await letters()))
      throw new Error(`of ${PEOPLE} people ${known.length} are known and ${blocked.length} blocked, with ${await letters()} dead letters`);
  } finally {
    await line.stop();
  }
}
