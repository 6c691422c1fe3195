import { crc32c } from './crc32c.ts';

const zigzag = (value: number): number => (value << 1) ^ (value >> 31);
/** How many bytes a varint (zigzag) of this value takes: five at most. */
export function sizeOfVarint(value: number): number {
  let size = 1;
  for (let rest = zigzag(value) >>> 7; rest !== 0; rest >>>= 7) size += 1;
  return size;
}

/** Up to here a text is written letter by letter: to call Node for it takes longer. Its length is a varint of one byte. */
const SHORT_MAX = 48;
const ASCII_MAX = 0x7f;

/** Writes front to back into one buffer; who makes it knows that there is room. */
export type ByteWriter = ReturnType<typeof byteWriter>;
export function byteWriter(buffer: Buffer) {
  let at = 0;
  const varint = (value: number): void => {
    let rest = zigzag(value);
    for (; (rest & ~0x7f) !== 0; rest >>>= 7) buffer[at++] = (rest & 0x7f) | 0x80;
    buffer[at++] = rest;
  };
  /** False: not all of it is ASCII, and nothing is written. */
  const short = (text: string): boolean => {
    const { length } = text;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > ASCII_MAX) return false;
      buffer[at + 1 + i] = code;
    }
    varint(length);
    at += length;
    return true;
  };
  return {
    at: () => at,
    room: () => buffer.length - at,
    varint,
    /** UTF-8 after its length, in one pass: mostly as many bytes as letters. */
    sizedText(text: string): void {
      if (text.length <= SHORT_MAX && short(text)) return;
      const guessed = sizeOfVarint(text.length);
      const written = buffer.write(text, at + guessed);
      const size = sizeOfVarint(written);
      if (size !== guessed) buffer.copyWithin(at + size, at + guessed, at + guessed + written);
      varint(written);
      at += written;
    },
    raw(bytes: Buffer, from: number, to: number): void {
      bytes.copy(buffer, at, from, to);
      at += to - from;
    },
    text(text: string): void {
      at += buffer.write(text, at);
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
