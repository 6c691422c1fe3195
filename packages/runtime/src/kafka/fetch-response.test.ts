import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeFetch } from './fetch-response.ts';

type Write = `write${'Int16' | 'Int32' | 'Int64' | 'String' | 'Bytes'}`;
type Encoder = { readonly buffer: Buffer } & Readonly<Record<Write, (value: number | string | Buffer) => Encoder>>;
const require = createRequire(import.meta.url);
const KafkajsEncoder = require('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0/index.js') as { RecordBatch(batch: object): Promise<Encoder> };
const recordOf = require('kafkajs/src/protocol/recordBatch/record/v0/index.js') as (record: object) => Encoder;
const { decode } = require('kafkajs/src/protocol/requests/fetch/v11/response.js') as { decode(bytes: Buffer): Promise<unknown> };

type Sent = {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string | string[]>;
  later: number;
};
type SentBatch = { readonly firstOffset: number; readonly producerId: number; readonly transactional: boolean; readonly records: Sent[] };
type SentPartition = { readonly errorCode: number; readonly aborted: number[]; readonly batches: SentBatch[]; readonly cutOff: number };

/** Where every format has its magic. */
const MAGIC_AT = 16;
const AT = 1_795_132_800_123;
/** Set in the attributes of a batch, which kafkajs has no say in. */
const flagged = (batch: Buffer, flag: number): Buffer => {
  batch.writeInt16BE(batch.readInt16BE(21) | flag, 21);
  return batch;
};

async function batchOf({ records, ...batch }: SentBatch, flag = 0): Promise<Buffer> {
  const encoded = records.map(({ later, ...record }, offsetDelta) => recordOf({ ...record, offsetDelta, timestampDelta: later }));
  const at = { firstTimestamp: AT, maxTimestamp: AT + 5, lastOffsetDelta: records.length - 1 };
  return flagged((await RecordBatch({ ...batch, ...at, records: encoded })).buffer, flag);
}

async function answer(partitions: readonly SentPartition[], flag = 0): Promise<Buffer> {
  const out = new KafkajsEncoder()
    .writeInt32(7)
    .writeInt16(0)
    .writeInt32(9)
    .writeInt32(1)
    .writeString('a.topic')
    .writeInt32(partitions.length);
  for (const [i, { errorCode, aborted, batches, cutOff }] of partitions.entries()) {
    out.writeInt32(i).writeInt16(errorCode).writeInt64(123_456).writeInt64(-1).writeInt64(2);
    out.writeInt32(aborted.length === 0 ? -1 : aborted.length);
    for (const id of aborted) out.writeInt64(id).writeInt64(id * 2);
    out.writeInt32(-1);
    const set = Buffer.concat(await Promise.all(batches.map((batch) => batchOf(batch, flag))));
    const left = set.length - cutOff;
    out.writeBytes(set.subarray(0, left > MAGIC_AT ? left : 0)); // of less kafkajs reads what is not there
  }
  return out.buffer;
}

/** What kafkajs makes of it, headers as text. */
async function byKafkajs(bytes: Buffer): Promise<unknown> {
  const text = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(text);
    return Buffer.isBuffer(value) ? value.toString() : value;
  };
  const decoded = (await decode(bytes)) as { responses: { partitions: { messages: { headers: object }[] }[] }[] };
  for (const { partitions } of decoded.responses)
    for (const { messages } of partitions)
      for (const message of messages)
        message.headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, text(value)]));
  return decoded;
}

/** Of an answer about one partition of `a.topic`: what its batches take. */
const HEAD_BYTES = 4 + 2 + 4 + 4 + 2 + 'a.topic'.length + 4 + 4 + 2 + 3 * 8 + 4 + 4 + 4;
const sizeOfBatches = (bytes: Buffer): number => bytes.length - HEAD_BYTES;

const someBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
/** kafkajs takes a header called as what every object has for one that was sent twice. */
const someName = fc.string({ unit: 'grapheme', maxLength: 70 }).filter((name) => !(name in {}));
const someText = fc.string({ unit: 'grapheme', maxLength: 100 });
const someRecord: fc.Arbitrary<Sent> = fc.record({
  key: fc.option(someBytes),
  value: fc.option(someBytes),
  headers: fc.dictionary(someName, fc.oneof(someText, fc.array(someText, { minLength: 1, maxLength: 3 })), { maxKeys: 4 }),
  later: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
});
const someBatch: fc.Arbitrary<SentBatch> = fc.record({
  firstOffset: fc.maxSafeInteger().map((offset) => Math.floor(Math.abs(offset) / 2)),
  producerId: fc.integer({ min: -1, max: 1_000 }),
  transactional: fc.boolean(),
  records: fc.array(someRecord, { minLength: 1, maxLength: 70 }),
});
const somePartition: fc.Arbitrary<SentPartition> = fc.record({
  errorCode: fc.constantFrom(0, 1),
  aborted: fc.array(fc.nat(9), { maxLength: 2 }),
  batches: fc.array(someBatch, { maxLength: 3 }),
  cutOff: fc.oneof(fc.constant(0), fc.nat(300)),
});

describe('what a fetch was answered', () => {
  it('is read as kafkajs reads it, headers as text; a batch that is cut off is left out', () =>
    fc.assert(
      fc.asyncProperty(fc.array(somePartition, { maxLength: 3 }), fc.constantFrom(0, 0x08, 0x20), async (partitions, flag) => {
        const bytes = await answer(partitions, flag);
        expect(decodeFetch(bytes)).toEqual(await byKafkajs(bytes));
      }),
      { numRuns: 200 },
    ));

  const partition = (records: Sent[]): SentPartition => ({
    ...{ errorCode: 0, aborted: [], cutOff: 0 },
    batches: [{ firstOffset: 5, producerId: -1, transactional: false, records }],
  });
  const record: Sent = { key: Buffer.from('k'), value: Buffer.from('v'), headers: { facets: 'hash' }, later: 0 };
  const headersOf = async (headers: Sent['headers']) =>
    decodeFetch(await answer([partition([{ ...record, headers }])]))?.responses[0]?.partitions[0]?.messages[0]?.headers;

  it('a header called as what every object has is one like any', async () => {
    const named = Object.fromEntries(['constructor', '__proto__', 'toString'].map((name) => [name, 'text']));
    const headers = await headersOf(named);
    expect(Object.entries(headers ?? {})).toEqual(Object.entries(named));
  });

  it('what is compressed is left to kafkajs', async () => {
    const gzip = 1;
    expect(decodeFetch(await answer([partition([record])], gzip))).toBeNull();
  });

  it('what is of an old format is left to kafkajs, however short it is', async () => {
    const bytes = await answer([partition([])]);
    const old = Buffer.alloc(34); // offset, size, checksum, magic 1, attributes, time, no key, no value
    old.writeInt32BE(22, 8);
    old.writeInt8(1, 16);
    old.writeInt32BE(-1, 26);
    old.writeInt32BE(-1, 30);
    const size = Buffer.alloc(4);
    size.writeInt32BE(old.length);
    const before = bytes.subarray(0, bytes.length - 4 - sizeOfBatches(bytes));
    const whole = Buffer.concat([before, size, old]);
    expect(decodeFetch(whole)).toBeNull();
    expect(await decode(whole)).toMatchObject({ responses: [{ partitions: [{ messages: [{ magicByte: 1, offset: '0' }] }] }] });
  });

  it.each([
    ['that ends before its head does', -12],
    ['that is shorter than its records', 60],
  ])('a batch %s is refused', async (_which, length) => {
    const bytes = await answer([partition([{ ...record, value: Buffer.alloc(200) }])]);
    bytes.writeInt32BE(length, bytes.length - sizeOfBatches(bytes) + 8);
    expect(() => decodeFetch(bytes)).toThrow(expect.objectContaining({ name: 'RangeError' }));
  });

  it('what ends too early is refused, wherever it does', async () => {
    const whole = await answer([partition([record, { ...record, headers: { facets: 'link', 'event-type': 'message.received' } }])]);
    for (let end = 0; end < whole.length; end += 1)
      expect(() => decodeFetch(whole.subarray(0, end))).toThrow(expect.objectContaining({ name: 'RangeError' }));
  });
});
