import type { RecordBatchEntry } from 'kafkajs';

/** What a fetch of version 11 was answered, as kafkajs has it of its own decoder. */
export type FetchResponse = {
  /** 0: what the broker asks to wait is `clientSideThrottleTime`. */
  readonly throttleTime: 0;
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly Partition[] }[];
};
type Partition = {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
  readonly preferredReadReplica: number;
  readonly messages: readonly Message[];
};
type Message = RecordBatchEntry & { readonly magicByte: number; readonly isControlRecord: boolean; readonly batchContext: BatchContext };
type Headers = NonNullable<RecordBatchEntry['headers']>;
/** What the records of one batch share. */
type BatchContext = {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly partitionLeaderEpoch: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly maxTimestamp: string;
  readonly timestampType: 0 | 1;
  readonly magicByte: number;
};

const MAGIC = 2;
/** Where every format has its magic. */
const MAGIC_AT = 16;
/** Before a batch's length counts, and from there to its first record. */
const LENGTHS_BYTES = 12;
const OVERHEAD_BYTES = 49;
const CHECKSUM_BYTES = 4;
const COMPRESSED = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

/** Reads what a fetch was answered: the same as kafkajs's decoder, but that headers come as text, one without a value as undefined. There each record,
 *  key and header has a decoder and buffers of its own, and each number is a BigInt for a moment. Null: a batch is compressed, or of a format of old,
 *  which kafkajs is to decode. */
export function decodeFetch(bytes: Buffer): FetchResponse | null {
  const from = reader(bytes);
  const clientSideThrottleTime = from.int32();
  const errorCode = from.int16();
  const sessionId = from.int32();
  const responses: { topicName: string; partitions: Partition[] }[] = [];
  for (let topics = from.int32(); topics > 0; topics -= 1) {
    const topicName = from.text(from.int16());
    const partitions: Partition[] = [];
    for (let left = from.int32(); left > 0; left -= 1) {
      const one = readPartition(from);
      if (one === null) return null;
      partitions.push(one);
    }
    responses.push({ topicName, partitions });
  }
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

function readPartition(from: Reader): Partition | null {
  const [partition, errorCode] = [from.int32(), from.int16()];
  const [highWatermark, lastStableOffset, lastStartOffset] = [from.int64(), from.int64(), from.int64()];
  const abortedTransactions: { producerId: string; firstOffset: string }[] = [];
  for (let left = from.int32(); left > 0; left -= 1) abortedTransactions.push({ producerId: from.int64(), firstOffset: from.int64() });
  const preferredReadReplica = from.int32();
  const size = Math.max(0, from.int32());
  const messages = readBatches(from, from.at() + size);
  if (messages === null) return null;
  const offsets = { highWatermark, lastStableOffset, lastStartOffset };
  return { partition, errorCode, ...offsets, abortedTransactions, preferredReadReplica, messages };
}

/** The records of all batches but the last, where that is cut off: a fetch has so many bytes. */
function readBatches(from: Reader, end: number): Message[] | null {
  const messages: Message[] = [];
  if (end - from.at() > MAGIC_AT && from.peek(MAGIC_AT) !== MAGIC) return null; // what is of old may be shorter than a batch
  while (end - from.at() >= LENGTHS_BYTES + OVERHEAD_BYTES) {
    const firstOffset = from.int64();
    const length = from.int32();
    const next = from.at() + length;
    if (next > end) break;
    if (length < OVERHEAD_BYTES) throw new RangeError('a batch of a fetch is shorter than its head');
    const context = readContext(from, firstOffset);
    if (context === null) return null;
    const origin: Origin = { offset: Number(firstOffset), timestamp: Number(context.firstTimestamp) };
    for (let left = from.int32(); left > 0; left -= 1) messages.push(readRecord(from, origin, context));
    if (from.at() > next) throw new RangeError('the records of a batch go beyond its end');
    from.seek(next);
  }
  from.seek(end);
  return messages;
}

function readContext(from: Reader, firstOffset: string): BatchContext | null {
  const [partitionLeaderEpoch, magicByte] = [from.int32(), from.int8()];
  from.seek(from.at() + CHECKSUM_BYTES);
  const attributes = from.int16();
  if (magicByte !== MAGIC || (attributes & COMPRESSED) !== 0) return null;
  const has = (flag: number): boolean => (attributes & flag) !== 0;
  const lastOffsetDelta = from.int32();
  const [firstTimestamp, maxTimestamp] = [from.int64(), from.int64()];
  const [producerId, producerEpoch, firstSequence] = [from.int64(), from.int16(), from.int32()];
  return {
    ...{ firstOffset, firstTimestamp, partitionLeaderEpoch, inTransaction: has(TRANSACTIONAL), isControlBatch: has(CONTROL) },
    ...{ lastOffsetDelta, producerId, producerEpoch, firstSequence, maxTimestamp },
    ...{ timestampType: has(LOG_APPEND_TIME) ? 1 : 0, magicByte },
  };
}

/** What the records of a batch count from: both far below 2^53. */
type Origin = { readonly offset: number; readonly timestamp: number };

function readRecord(from: Reader, origin: Origin, batchContext: BatchContext): Message {
  const size = from.varint();
  const next = from.at() + size;
  const attributes = from.int8();
  const sinceFirst = from.varint();
  const { timestampType, maxTimestamp, magicByte, isControlBatch: isControlRecord } = batchContext;
  const timestamp = timestampType === 1 ? maxTimestamp : String(origin.timestamp + sinceFirst);
  const offset = String(origin.offset + from.varint());
  const key = from.bytes(from.varint());
  const value = from.bytes(from.varint());
  const headers = readHeaders(from);
  from.seek(next);
  return { magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext };
}

function readHeaders(from: Reader): Headers {
  const headers: Headers = {};
  const count = from.varint();
  for (let i = 0; i < count; i += 1) {
    const name = from.name(i, from.varint());
    const length = from.varint();
    put(headers, name, length < 0 ? undefined : from.text(length));
  }
  return headers;
}

/** What came under this name before stays, as the first of a list. */
function put(headers: Headers, name: string, value: string | undefined): void {
  const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const all = known === undefined ? value : [known, value ?? ''].flat();
  if (name === '__proto__') Object.defineProperty(headers, name, { value: all, enumerable: true, configurable: true, writable: true });
  else headers[name] = all;
}

type Reader = ReturnType<typeof reader>;
/** Reads front to back. Throws a `RangeError` beyond the end. */
function reader(buffer: Buffer) {
  let at = 0;
  const names: { readonly text: string; readonly from: number; readonly length: number }[] = [];
  const isAsAt = (from: number, length: number): boolean => {
    for (let i = 0; i < length; i += 1) if (buffer[from + i] !== buffer[at + i]) return false;
    return true;
  };
  const seek = (to: number): void => {
    if (!(to >= 0 && to <= buffer.length)) throw new RangeError('what a fetch was answered is cut off');
    at = to;
  };
  const take = (length: number): number => {
    seek(at + length);
    return at - length;
  };
  const text = (length: number): string => buffer.toString('utf8', take(length), at);
  return {
    at: () => at,
    seek,
    text,
    peek: (ahead: number): number => buffer.readInt8(at + ahead),
    int8: (): number => buffer.readInt8(take(1)),
    int16: (): number => buffer.readInt16BE(take(2)),
    int32: (): number => buffer.readInt32BE(take(4)),
    /** As text: there are few of them, and one may be any number. */
    int64: (): string => String(buffer.readBigInt64BE(take(8))),
    /** Exact up to 2^53. */
    varint(): number {
      let byte = buffer[at++] as number;
      if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
      let number = byte & 0x7f;
      for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
        byte = buffer[at++] as number;
        number += (byte & 0x7f) * scale;
      }
      return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
    },
    /** Null where the length is negative. */
    bytes: (length: number): Buffer | null => (length < 0 ? null : buffer.subarray(take(length), at)),
    /** The name of a record's header of that place, mostly that of the record before. */
    name(place: number, length: number): string {
      const before = names[place];
      if (before?.length === length && isAsAt(before.from, length)) {
        at += length;
        return before.text;
      }
      names[place] = { text: text(length), from: at - length, length };
      return names[place].text;
    },
  };
}
