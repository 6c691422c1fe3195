import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { multipart } from './multipart.ts';

const BOUNDARY = '----FormBoundary0123456789';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const mayBe = (name: string) => name !== 'batch';
const part = (name: string, content: string, more = '') =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
const END = `--${BOUNDARY}--\r\n`;

async function* inPieces(body: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield body.subarray(at, at + size);
    at += size;
  }
  yield body.subarray(at);
}
async function through(body: string | Buffer, sizes: readonly number[] = [], type = TYPE) {
  const parts = multipart(type, mayBe);
  if (parts === null) throw new Error('it is none');
  const on: Buffer[] = [];
  for await (const bytes of parts.through(inPieces(Buffer.from(body as string, 'latin1'), sizes))) on.push(bytes);
  return { type: parts.contentType, bytes: Buffer.concat(on) };
}
const refused = async (body: string, type?: string) => {
  try {
    await through(body, [], type);
    return null;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

it('what goes on is as long as what came, and says the same, in however many pieces', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }),
      async (file, sizes) => {
        const head = part('file', '', '; filename="a.bin"').slice(0, -2);
        const body = Buffer.concat([Buffer.from(part('messaging_product', 'whatsapp') + head), file, Buffer.from(`\r\n${END}`)]);
        const { type, bytes } = await through(body.toString('latin1'), sizes);
        const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
        expect([bytes.length, form.get('messaging_product')]).toEqual([body.length, 'whatsapp']);
        expect(Buffer.from(await (form.get('file') as File).arrayBuffer()).equals(file)).toBe(true);
      },
    ),
    { numRuns: 100 },
  ));

it('nothing in it is a boundary for another reader: the one it came with is gone', async () => {
  const { bytes, type } = await through(part('file', `a\n--${BOUNDARY}\nContent-Disposition: form-data; name="batch"\n\n[]`) + END);
  expect(type).not.toContain(BOUNDARY);
  const [, boundary = ''] = /boundary=(.*)/.exec(type) ?? [];
  expect(bytes.toString('latin1').split(`--${boundary}`)).toHaveLength(3);
});

describe('is refused', () => {
  it.each([
    ['a field that may not be', part('batch', '[]') + END],
    ['one that says two names', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; name="batch"\r\n\r\nx\r\n${END}`],
    [
      'in two lines',
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"\r\nContent-Disposition: form-data; name="batch"\r\n\r\nx\r\n${END}`,
    ],
    ['behind an escape', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="\\"; name="batch"\r\n\r\nx\r\n${END}`],
    ['a line that goes on in the next', `--${BOUNDARY}\r\nContent-Disposition: form-data;\r\n name="batch"\r\n\r\nx\r\n${END}`],
    ['a head of lines that are none', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"\nx: y\r\n\r\nx\r\n${END}`],
    ['no name at all', `--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n${END}`],
    ['a head without an end', `--${BOUNDARY}\r\n${'x'.repeat(9_000)}`],
    ['something before the first part', `x\r\n${part('file', 'x')}${END}`],
    ['something after the last', `${part('file', 'x')}${END}x`],
    ['a boundary in other words', part('file', 'x') + END.replace('--\r\n', ' --\r\n')],
    ['what is cut off', part('file', 'x')],
  ])('%s', async (_what, body) => expect(await refused(body)).toBe('request.invalid'));

  it.each(['multipart/form-data', 'multipart/form-data; boundary=short', 'multipart/mixed; boundary=0123456789abcdef'])(
    'the type %s',
    async (type) => expect(await refused(END, type)).toBe('request.invalid'),
  );
});

it.each([
  `multipart/form-data; boundary="${BOUNDARY}"`,
  `Multipart/Form-Data;boundary=${BOUNDARY}`,
  `multipart/form-data; charset=utf-8; boundary=${BOUNDARY}`,
])('%s is read', async (type) => {
  const unquoted = part('file', 'x').replace('"file"', 'file');
  expect(await refused(unquoted + END, type)).toBeNull();
});
it('what is of another type is none', () => expect(multipart('application/json', mayBe)).toBeNull());
