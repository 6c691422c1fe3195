import { crc32c } from './crc32c.ts';

type Bytes = Buffer | string;
/** A record as kafkajs hands it on. */
export type Message = {
  readonly key?: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes | undefined | (Bytes | undefined)[]>>;
  readonly timestamp?: string | null;
};
/** What goes into one produce request. */
export type Produce = {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly messages: readonly Message[] }[];
  }[];
};

/** At most: the fixed fields of a request, a topic, a partition with its record batch, a record, a header. */
const ROOM = { request: 16, topic: 8, partition: 80, record: 32, header: 12 };
const UTF8_BYTES_MAX = 3;
const roomFor = (text: Bytes | null | undefined): number => (typeof text === 'string' ? text.length * UTF8_BYTES_MAX : (text?.length ?? 0));

/** Whether all of it is as we send it: no timestamps of the caller's, no header twice. What is not, kafkajs encodes. */
export const isPlain = ({ topicData }: Produce): boolean =>
  topicData.every(({ partitions }) => partitions.every(({ messages }) => messages.every(isPlainMessage)));
function isPlainMessage({ timestamp, headers }: Message): boolean {
  if (timestamp !== undefined && timestamp !== null) return false;
  for (const name in headers) if (headers[name] === undefined || Array.isArray(headers[name])) return false;
  return true;
}

/** The body of a produce request of versions 3 to 7, byte for byte as kafkajs makes it, in one pass and one buffer: there each record, header, batch
 *  and topic is a buffer of its own, copied into the next. */
export function encodeProduce({ acks, timeout, topicData }: Produce, now: number): Buffer {
  const out = writer(roomOf(topicData));
  out.int16(-1); // no transaction
  out.int16(acks);
  out.int32(timeout);
  out.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    out.int16(Buffer.byteLength(topic));
    out.raw(topic, Buffer.byteLength(topic));
    out.int32(partitions.length);
    for (const { partition, messages } of partitions) {
      out.int32(partition);
      writeBatch(out, messages, now);
    }
  }
  return out.done();
}

function roomOf(topicData: Produce['topicData']): number {
  let room = ROOM.request;
  for (const { topic, partitions } of topicData) {
    room += ROOM.topic + roomFor(topic);
    for (const { messages } of partitions) {
      room += ROOM.partition;
      for (const { key, value, headers } of messages) {
        room += ROOM.record + roomFor(key) + roomFor(value);
        for (const name in headers) room += ROOM.header + roomFor(name) + roomFor(headers[name] as Bytes);
      }
    }
  }
  return room;
}

/** A record batch (magic 2) with its size before it. Nobody is named as its producer, as kafkajs has it without idempotence. */
function writeBatch(out: Writer, messages: readonly Message[], now: number): void {
  const size = out.skip(4);
  out.int64(0); // first offset
  const length = out.skip(4);
  out.int32(0); // leader epoch
  out.int8(2);
  const crc = out.skip(4);
  out.int16(0); // neither compressed nor in a transaction
  out.int32(messages.length - 1);
  out.int64(now);
  out.int64(now);
  out.int64(-1);
  out.int16(0);
  out.int32(0);
  out.int32(messages.length);
  for (const [i, message] of messages.entries()) writeRecord(out, message, i);
  out.patch(size, out.at() - size - 4);
  out.patch(length, out.at() - length - 4);
  out.patch(crc, out.crcFrom(crc + 4));
}

function writeRecord(out: Writer, { key = null, value, headers = {} }: Message, offsetDelta: number): void {
  const [keyBytes, valueBytes] = [lengthOf(key), lengthOf(value)];
  const names = Object.keys(headers);
  let headerBytes = sizeOfVarint(names.length);
  for (const name of names) headerBytes += sizedBytes(lengthOf(name)) + sizedBytes(lengthOf(headers[name] as Bytes));
  out.varint(2 + sizeOfVarint(offsetDelta) + sizedBytes(keyBytes) + sizedBytes(valueBytes) + headerBytes);
  out.int8(0);
  out.int8(0); // as old as the batch
  out.varint(offsetDelta);
  out.sized(key, keyBytes);
  out.sized(value, valueBytes);
  out.varint(names.length);
  for (const name of names) {
    const text = headers[name] as Bytes;
    out.sized(name, lengthOf(name));
    out.sized(text, lengthOf(text));
  }
}

/** -1: null. */
const lengthOf = (text: Bytes | null): number => (text === null ? -1 : typeof text === 'string' ? Buffer.byteLength(text) : text.length);
const sizedBytes = (length: number): number => sizeOfVarint(length) + Math.max(0, length);
const zigzag = (value: number): number => (value << 1) ^ (value >> 31);
function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value) >>> 7; rest !== 0; rest >>>= 7) size += 1;
  return size;
}

type Writer = ReturnType<typeof writer>;
/** Writes into one buffer of that room, front to back. */
function writer(room: number) {
  const buffer = Buffer.allocUnsafe(room);
  let at = 0;
  const varint = (value: number): void => {
    let rest = zigzag(value);
    for (; (rest & ~0x7f) !== 0; rest >>>= 7) buffer[at++] = (rest & 0x7f) | 0x80;
    buffer[at++] = rest;
  };
  const raw = (text: Bytes, bytes: number): void => {
    if (typeof text === 'string') buffer.write(text, at, bytes, 'utf8');
    else text.copy(buffer, at);
    at += bytes;
  };
  return {
    at: () => at,
    varint,
    raw,
    sized(text: Bytes | null, bytes: number): void {
      varint(bytes);
      if (text !== null) raw(text, bytes);
    },
    int8(value: number): void {
      buffer[at++] = value;
    },
    int16(value: number): void {
      at = buffer.writeInt16BE(value, at);
    },
    int32(value: number): void {
      at = buffer.writeInt32BE(value, at);
    },
    int64(value: number): void {
      at = buffer.writeBigInt64BE(BigInt(value), at);
    },
    /** Leaves room to be filled later; answers where. */
    skip(bytes: number): number {
      at += bytes;
      return at - bytes;
    },
    patch: (where: number, value: number): void => void buffer.writeUInt32BE(value, where),
    crcFrom: (where: number): number => crc32c(buffer, where, at),
    done: (): Buffer => buffer.subarray(0, at),
  };
}
