import { type ByteWriter, byteWriter, sizeOfVarint } from './byte-writer.ts';
import { type EncodedRecord, sizeOf } from './encoded-record.ts';

/** What goes into one produce request. */
export type Produce = {
  readonly acks: number;
  readonly timeout: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly records: readonly EncodedRecord[] }[];
  }[];
};

/** At most: the fixed fields of a request, a topic, a partition with its record batch, what its place in a batch adds to a record. */
const ROOM = { request: 16, topic: 8, partition: 80, record: 12 };

/** The body of a produce request of versions 3 to 7, byte for byte as kafkajs makes it, in one pass and one buffer: there each record, header, batch
 *  and topic is a buffer of its own, copied into the next. `before` it are so many bytes of room. */
export function encodeProduce({ acks, timeout, topicData }: Produce, now: number, before = 0): Buffer {
  const out = byteWriter(Buffer.allocUnsafe(before + roomOf(topicData)));
  out.skip(before);
  out.int16(-1); // no transaction
  out.int16(acks);
  out.int32(timeout);
  out.int32(topicData.length);
  for (const { topic, partitions } of topicData) {
    out.int16(Buffer.byteLength(topic));
    out.text(topic);
    out.int32(partitions.length);
    for (const { partition, records } of partitions) {
      out.int32(partition);
      writeBatch(out, records, now);
    }
  }
  return out.done();
}

function roomOf(topicData: Produce['topicData']): number {
  let room = ROOM.request;
  for (const { topic, partitions } of topicData) {
    room += ROOM.topic + Buffer.byteLength(topic);
    for (const { records } of partitions) {
      room += ROOM.partition;
      for (const record of records) room += ROOM.record + sizeOf(record);
    }
  }
  return room;
}

/** A record batch (magic 2) with its size before it. Nobody is named as its producer, as kafkajs has it without idempotence. */
function writeBatch(out: ByteWriter, records: readonly EncodedRecord[], now: number): void {
  const size = out.skip(4);
  out.int64(0); // first offset
  const length = out.skip(4);
  out.int32(0); // leader epoch
  out.int8(2);
  const crc = out.skip(4);
  out.int16(0); // neither compressed nor in a transaction
  out.int32(records.length - 1);
  out.int64(now);
  out.int64(now);
  out.int64(-1);
  out.int16(0);
  out.int32(0);
  out.int32(records.length);
  for (let i = 0; i < records.length; i += 1) writeRecord(out, records[i] as EncodedRecord, i);
  out.patch(size, out.at() - size - 4);
  out.patch(length, out.at() - length - 4);
  out.patch(crc, out.crcFrom(crc + 4));
}

function writeRecord(out: ByteWriter, { within, from, to }: EncodedRecord, offsetDelta: number): void {
  out.varint(2 + sizeOfVarint(offsetDelta) + to - from);
  out.int8(0);
  out.int8(0); // as old as the batch
  out.varint(offsetDelta);
  out.raw(within, from, to);
}
