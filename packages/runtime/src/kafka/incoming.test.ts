import { expect, it } from '@jest/globals';
import type { Topic } from '@keyturn/contracts';
import type { Batch } from 'kafkajs';
import { piecesOf } from './incoming.ts';

const topic: Topic = { name: 't', schema: null, partitions: 1, cleanup: 'delete', messageBytesMax: 1_000 };

it.each([
  ['its time', '1795132800123', 1_795_132_800_123],
  ['no time', '-1', 0],
  ['nanoseconds', '1795132800123000000', 8_640_000_000_000_000],
  ['the last number there is', '9223372036854775807', 8_640_000_000_000_000],
  ['the first number there is', '-9223372036854775808', 0],
])('a record that says %s has a time that a calendar knows', (_what, timestamp, expected) => {
  const message = { offset: '0', key: null, value: null, headers: {}, timestamp, attributes: 0 };
  const batch = { topic: 't', partition: 0, highWatermark: '1', messages: [message] } as unknown as Batch;
  const [piece] = piecesOf(batch, topic, 10);
  expect(piece?.records[0]?.timestamp).toBe(expected);
  expect(Number.isNaN(new Date(expected).getTime())).toBe(false);
});
