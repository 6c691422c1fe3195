import { describe, expect, it } from '@jest/globals';
import type { Topic } from '@keyturn/contracts';
import type { RecordMetadata } from 'kafkajs';
import { isPassing } from './kafka-fault.ts';
import type { Part } from './lane.ts';
import { requireWritten } from './require-written.ts';

const part = (name: string, partition: number): Part => {
  const topic: Topic = { name, schema: null, partitions: 3, cleanup: 'delete', messageBytesMax: 1_000 };
  return { lane: { topic, partition, waiting: [], busy: true, alone: false }, entries: [] };
};
const answer = (topicName: string, partition: number, errorCode = 0): RecordMetadata => ({ topicName, partition, errorCode });
const asked = [part('a', 0), part('a', 2), part('b', 0)];
const all = [answer('x.a', 0), answer('x.a', 2), answer('x.b', 0)];
function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return null;
}

describe('requireWritten', () => {
  it('what the broker wrote is confirmed, in whatever order it says so', () => {
    expect(() => requireWritten(asked, 'x.', all.toReversed())).not.toThrow();
  });

  it.each([
    ['nothing at all', [], 'x.a/0, x.a/2, x.b/0'],
    ['nothing of one partition', [answer('x.a', 0), answer('x.b', 0)], 'x.a/2'],
    ['the same partition of another topic', [answer('x.a', 0), answer('x.b', 2), answer('x.b', 0)], 'x.a/2'],
    ['the topic without our prefix', [answer('a', 0), answer('x.a', 2), answer('x.b', 0)], 'x.a/0'],
    ['an error code', [answer('x.a', 0), answer('x.a', 2, 3), answer('x.b', 0)], 'x.a/2'],
  ])('an answer of %s is a failure that names the partition and may pass', (_case, answers, named) => {
    const error = failureOf(() => requireWritten(asked, 'x.', answers));
    expect(String(error)).toContain(`nothing for ${named}:`);
    expect(isPassing(error)).toBe(true);
  });
});
