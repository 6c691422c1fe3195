import { AppError } from '@keyturn/contracts';

/** Columns of many rows as PostgreSQL reads arrays in its binary form. As text each value is quoted and escaped, unquoted there, and parsed again: for a
 *  batch's JSON that took longer than all that is decided on it. Null stays null. */
type Column<Value> = (values: readonly (Value | null)[]) => Buffer;

const OID = { bytea: 17, int2: 21, int4: 23, text: 25, float8: 701, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;
const HEAD_BYTES = 20;
const JSONB_VERSION = 1;
/** PostgreSQL counts microseconds, and from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
/** As text it refuses what comes before. */
const YEAR_ONE_MS = Date.parse('0001-01-01T00:00:00Z');

type Element<Value> = {
  readonly oid: number;
  readonly bytesOf: (value: Value) => number;
  /** Writes exactly that many bytes. */
  readonly write: (to: Buffer, at: number, value: Value, bytes: number) => void;
};

function column<Value>({ oid, bytesOf, write }: Element<Value>): Column<Value> {
  return (values) => {
    const sizes = values.map((value) => (value === null ? -1 : bytesOf(value)));
    const buffer = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + Math.max(0, size), HEAD_BYTES));
    let at = writeHead(buffer, oid, values.length, sizes.includes(-1));
    for (const [i, value] of values.entries()) {
      const size = sizes[i] as number;
      at = buffer.writeInt32BE(size, at);
      if (value === null) continue;
      write(buffer, at, value, size);
      at += size;
    }
    return buffer;
  };
}

function writeHead(buffer: Buffer, oid: number, length: number, hasNulls: boolean): number {
  let at = buffer.writeInt32BE(1); // dimensions
  at = buffer.writeInt32BE(hasNulls ? 1 : 0, at);
  at = buffer.writeInt32BE(oid, at);
  at = buffer.writeInt32BE(length, at);
  return buffer.writeInt32BE(1, at); // the first is called 1
}

/** For `text[]`. */
export const texts = column<string>({
  oid: OID.text,
  bytesOf: (text) => Buffer.byteLength(text),
  write: (to, at, text) => to.write(text, at),
});
/** For `jsonb[]`, of values that are written as JSON already. */
export const jsons = column<string>({
  oid: OID.jsonb,
  bytesOf: (json) => 1 + Buffer.byteLength(json),
  write(to, at, json) {
    to[at] = JSONB_VERSION;
    to.write(json, at + 1);
  },
});
/** For `bytea[]`; text goes as UTF-8. */
export const byteas = column<Buffer | string>({
  oid: OID.bytea,
  bytesOf: (value) => Buffer.byteLength(value),
  write: (to, at, value) => (typeof value === 'string' ? to.write(value, at) : value.copy(to, at)),
});
/** For `uuid[]`. Throws `store.data` for what is none. */
export const uuids = column<string>({
  oid: OID.uuid,
  bytesOf: () => 16,
  write(to, at, uuid) {
    const digits = uuid.replaceAll('-', '');
    if (digits.length !== 32 || to.write(digits, at, 16, 'hex') !== 16) throw new AppError('store.data', 'an id of a contact is no UUID');
  },
});
/** For `int4[]`. */
export const integers = column<number>({ oid: OID.int4, bytesOf: () => 4, write: (to, at, value) => to.writeInt32BE(value, at) });
/** For `smallint[]`. */
export const smallints = column<number>({ oid: OID.int2, bytesOf: () => 2, write: (to, at, value) => to.writeInt16BE(value, at) });
/** For `float8[]`. */
export const doubles = column<number>({ oid: OID.float8, bytesOf: () => 8, write: (to, at, value) => to.writeDoubleBE(value, at) });
/** For `timestamptz[]`, of instants as ISO 8601. Throws `store.data` for what is none, and for one before the year 1. */
export const instants = column<string>({
  oid: OID.timestamptz,
  bytesOf: () => 8,
  write(to, at, text) {
    const ms = Date.parse(text);
    if (!(ms >= YEAR_ONE_MS)) throw new AppError('store.data', 'an instant is none');
    to.writeBigInt64BE(BigInt(ms - EPOCH_MS) * 1_000n, at);
  },
});
