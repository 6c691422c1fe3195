import { createRequire } from 'node:module';
import { expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { isPlain } from './bundle.ts';
import { crc32c } from './crc32c.ts';
import { encodeRecord, type Message } from './encoded-record.ts';
import { encodeProduce } from './produce-request.ts';

const require = createRequire(import.meta.url);
type Theirs = (options: object) => { encode(): Promise<{ buffer: Buffer }> };
const kafkajsRequest = require('kafkajs/src/protocol/requests/produce/v3/request.js') as Theirs;
const kafkajsCrc = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;

const someText = fc.string({ unit: 'grapheme', maxLength: 300 });
const someBytes = fc.oneof(
  someText,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const someMessage: fc.Arbitrary<Message> = fc.record(
  { key: fc.option(someBytes), value: fc.option(someBytes), headers: fc.dictionary(someText, someText, { maxKeys: 4 }) },
  { requiredKeys: ['value'] },
);
const somePartition = fc.record({ partition: fc.nat(20), messages: fc.array(someMessage, { minLength: 1, maxLength: 70 }) });
type Asked = {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly { partition: number; messages: Message[] }[] }[];
};
const someRequest: fc.Arbitrary<Asked> = fc.record({
  acks: fc.constantFrom(-1, 1),
  timeout: fc.nat(60_000),
  topicData: fc.array(fc.record({ topic: someText, partitions: fc.array(somePartition, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 3,
  }),
});

/** kafkajs takes the time itself, ours is told it. */
async function byBoth(request: Asked): Promise<{ ours: Buffer; theirs: Buffer }> {
  const now = jest.spyOn(Date, 'now').mockReturnValue(1_795_132_800_123);
  const { buffer: theirs } = await kafkajsRequest(request).encode();
  now.mockRestore();
  const topicData = request.topicData.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, messages }) => ({ partition, records: messages.map(encodeRecord) })),
  }));
  const before = 7;
  return { ours: encodeProduce({ ...request, topicData }, 1_795_132_800_123, before).subarray(before), theirs };
}

it('a produce request is byte for byte what kafkajs makes of it', () =>
  fc.assert(
    fc.asyncProperty(someRequest, async (request) => {
      const { ours, theirs } = await byBoth(request);
      expect(ours.equals(theirs)).toBe(true);
    }),
    { numRuns: 300 },
  ));

it('a record of megabytes, and a thousand of one batch', async () => {
  const large = { value: Buffer.alloc(3_000_000, 'ü'), key: 'k' };
  const many = Array.from({ length: 1_000 }, (_, i) => ({ key: `${i}`, value: `ä${i}`.repeat(i), headers: { facets: 'hash' } }));
  const topicData = [
    {
      topic: 't',
      partitions: [
        { partition: 0, messages: [large] },
        { partition: 1, messages: many },
      ],
    },
  ];
  const { ours, theirs } = await byBoth({ acks: -1, timeout: 1, topicData });
  expect(ours.equals(theirs)).toBe(true);
});

it.each<[string, Parameters<typeof isPlain>[0][number]]>([
  ['a timestamp of the caller’s', { value: 'v', timestamp: '1' }],
  ['a header sent twice', { value: 'v', headers: { a: ['1', '2'] } }],
  ['a header without a value', { value: 'v', headers: { a: undefined } }],
])('%s is left to kafkajs', (_what, message) => expect(isPlain([{ value: 'v' }, message])).toBe(false));

it('the checksum is CRC-32C, from and to anywhere', () => {
  expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (bytes, from) => {
      const part = Buffer.from(bytes).subarray(from);
      expect(crc32c(Buffer.from(bytes), Math.min(from, bytes.length), bytes.length)).toBe(kafkajsCrc(part));
    }),
  );
});
