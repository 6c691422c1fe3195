import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliDecompress, unzip, zstdDecompress } from 'node:zlib';

/** An answer to a send has a few hundred bytes; what is longer is given back and not looked at. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** Of one that is compressed. */
const TEXT_BYTES_MAX = 16 * ANSWER_BYTES_MAX;

const hop = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'trailer', 'transfer-encoding', 'upgrade']);

/** Gives the platform's answer back as it is: status, headers, and every byte; one that breaks off breaks off here too. Of a send (`before`) it goes back when it
 *  is read, whether or not its caller has left meanwhile, unless it is longer than any; a refusal is handed to `before`, as text, first. Answers with the text of what went back, or would have, had nobody left; null:
 *  it broke off, is too long, or can't be read. */
export async function giveBack(
  answer: IncomingMessage,
  res: ServerResponse,
  before?: (text: string) => Promise<void>,
): Promise<string | null> {
  const encoding = answer.headers['content-encoding'];
  const read: Buffer[] = [];
  if (answer.statusCode === 200 && Number(answer.headers['content-length']) <= ANSWER_BYTES_MAX) {
    const isAll = await readAll(answer, read);
    writeHead(answer, res);
    const bytes = Buffer.concat(read);
    if (isAll)
      res.end(bytes.toString('latin1'), 'latin1'); // byte for byte, and with the head in one piece
    else res.write(bytes, () => res.destroy());
    return isAll ? textOf(read, encoding) : null;
  }
  const isWhole = before === undefined ? false : await readUpTo(answer, read).catch(() => null);
  if (isWhole === null) return breakOff(answer, res, read);
  if (isWhole) {
    const text = await textOf(read, encoding);
    if (text !== null && answer.statusCode !== 200) await before?.(text);
    writeHead(answer, res);
    res.end(Buffer.concat(read));
    return text;
  }
  if (res.destroyed) {
    answer.destroy(); // nobody waits for so much
    return null;
  }
  writeHead(answer, res);
  const kept = await passOn(answer, res, read);
  return kept === null ? null : textOf(kept, encoding);
}

/** Of what was taken the beginning is given back; of a refusal nothing, since it was not told. */
function breakOff(answer: IncomingMessage, res: ServerResponse, read: readonly Buffer[]): null {
  if (answer.statusCode !== 200) res.destroy();
  else {
    writeHead(answer, res);
    res.write(Buffer.concat(read), () => res.destroy());
  }
  return null;
}

/** Whether that was all of an answer that is short; what came of it before it broke off is in `read`. One write takes less than two. */
function readAll(answer: IncomingMessage, read: Buffer[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  answer.on('data', (chunk: Buffer) => void read.push(chunk)).on('error', () => {});
  answer.once('end', () => resolve(true)).once('close', () => resolve(answer.complete));
  return promise;
}

/** Whether that was all; what was read before it became too much is in `read`. */
async function readUpTo(answer: IncomingMessage, read: Buffer[]): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of answer.iterator({ destroyOnReturn: false })) {
    read.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > ANSWER_BYTES_MAX) return false;
  }
  return true;
}

function writeHead(answer: IncomingMessage, res: ServerResponse): void {
  for (const name of res.getHeaderNames()) res.removeHeader(name);
  res.statusCode = answer.statusCode ?? 502;
  if (answer.statusMessage) res.statusMessage = answer.statusMessage;
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined && !hop.has(name)) res.setHeader(name, value);
}

/** What was read, then the rest as it comes. Null: it broke off, or is too long to keep. */
async function passOn(answer: IncomingMessage, res: ServerResponse, read: readonly Buffer[]): Promise<Buffer[] | null> {
  const kept: Buffer[] = [];
  let bytes = read.reduce((sum, { length }) => sum + length, 0);
  for (const chunk of read) res.write(chunk);
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= ANSWER_BYTES_MAX) kept.push(chunk);
  });
  try {
    await pipeline(answer, res);
  } catch {
    res.destroy();
    return null;
  }
  return bytes <= ANSWER_BYTES_MAX ? kept : null;
}

const decoders: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(unzip),
  deflate: promisify(unzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};
/** The text of an answer, decompressed where it is compressed; null: nobody can read it. */
async function textOf(chunks: readonly Buffer[], encoding: string | undefined): Promise<string | null> {
  const bytes = Buffer.concat(chunks);
  if (encoding === undefined || encoding === 'identity') return bytes.toString('utf8');
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  const plain = await decode?.(bytes, { maxOutputLength: TEXT_BYTES_MAX }).catch(() => null);
  return plain?.toString('utf8') ?? null;
}
