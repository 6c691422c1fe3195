import type { Topic } from '@keyturn/contracts';
import type { Batch, IHeaders, KafkaMessage } from 'kafkajs';

/** A record as it was read. */
export type IncomingRecord = {
  readonly offset: bigint;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Unix milliseconds, from 1970 to the last that a `Date` knows, whatever its producer said. */
  readonly timestamp: number;
};
/** Records of one partition in offset order, one at least; `highWatermark` is the offset that the next record written will get. */
export type IncomingBatch = {
  readonly topic: Topic;
  readonly partition: number;
  readonly records: readonly IncomingRecord[];
  readonly highWatermark: bigint;
};

/** A header sent twice keeps its last value; one without a value is none. */
function decodeHeaders(headers: IHeaders | undefined): Record<string, string> {
  const decoded: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined && last !== null) decoded[name] = last.toString();
  }
  return decoded;
}

/** What a record's time may be for a `Date` and PostgreSQL; a foreign producer may say anything. */
const TIME_MAX = 8_640_000_000_000_000;
const timeOf = (timestamp: string): number => Math.min(TIME_MAX, Math.max(0, Number(timestamp)));

const toRecord = ({ offset, key, value, headers, timestamp }: KafkaMessage): IncomingRecord => ({
  offset: BigInt(offset),
  key: key?.toString() ?? null,
  value: value ?? Buffer.alloc(0),
  headers: decodeHeaders(headers),
  timestamp: timeOf(timestamp),
});

/** Cuts what one fetch brought into pieces of at most `recordsMax`, decoded as they are asked for. */
export function* piecesOf(batch: Batch, topic: Topic, recordsMax: number): Generator<IncomingBatch> {
  for (let at = 0; at < batch.messages.length; at += recordsMax) {
    yield {
      topic,
      partition: batch.partition,
      records: batch.messages.slice(at, at + recordsMax).map(toRecord),
      highWatermark: BigInt(batch.highWatermark),
    };
  }
}
