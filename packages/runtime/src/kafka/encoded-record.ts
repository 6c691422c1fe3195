import { type ByteWriter, byteWriter } from './byte-writer.ts';

type Bytes = Buffer | string;
/** A record as it is to be sent. */
export type Message = {
  readonly key?: Bytes | null;
  readonly value: Bytes | null;
  readonly headers?: Readonly<Record<string, Bytes>>;
};
/** Key, value and headers of a record as they stand in a batch, somewhere in a buffer that others share. Nobody writes there again. */
export type EncodedRecord = { readonly within: Buffer; readonly from: number; readonly to: number };

/** Records are written one after the other into a piece of this size. */
const PIECE_BYTES = 64 * 1024;
/** One that may take more has a buffer of its own. */
const SHARED_BYTES_MAX = PIECE_BYTES / 8;
const VARINT_BYTES_MAX = 5;
const UTF8_BYTES_MAX = 3;

let piece = Buffer.alloc(0);
let shared = byteWriter(piece);

/** The record's bytes, once and for all: what waits for its send is they alone, and not the objects that it was made of, which outlive nothing so. */
export function encodeRecord(message: Message): EncodedRecord {
  const room = roomOf(message);
  if (room > SHARED_BYTES_MAX) {
    const within = Buffer.allocUnsafeSlow(room);
    const own = byteWriter(within);
    write(own, message);
    return { within, from: 0, to: own.at() };
  }
  if (room > shared.room()) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    shared = byteWriter(piece);
  }
  const from = shared.at();
  write(shared, message);
  return { within: piece, from, to: shared.at() };
}

/** How many bytes the record takes, but for what its place in a batch adds. */
export const sizeOf = ({ from, to }: EncodedRecord): number => to - from;

function roomOf({ key = null, value, headers }: Message): number {
  let room = VARINT_BYTES_MAX + roomFor(key) + roomFor(value);
  for (const name in headers) room += roomFor(name) + roomFor(headers[name] as Bytes);
  return room;
}
function roomFor(text: Bytes | null): number {
  if (text === null) return VARINT_BYTES_MAX;
  if (typeof text !== 'string') return VARINT_BYTES_MAX + text.length;
  const most = text.length * UTF8_BYTES_MAX;
  return VARINT_BYTES_MAX + (most > SHARED_BYTES_MAX ? Buffer.byteLength(text) : most);
}

function write(out: ByteWriter, { key = null, value, headers = {} }: Message): void {
  sized(out, key);
  sized(out, value);
  const names = Object.keys(headers);
  out.varint(names.length);
  for (const name of names) {
    out.sizedText(name);
    sized(out, headers[name] as Bytes);
  }
}

/** After its length; -1 for null. */
function sized(out: ByteWriter, text: Bytes | null): void {
  if (typeof text === 'string') out.sizedText(text);
  else if (text === null) out.varint(-1);
  else {
    out.varint(text.length);
    out.raw(text, 0, text.length);
  }
}
