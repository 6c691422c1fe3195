import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyReader } from './read-body.ts';

const res = {} as ServerResponse;
/** A request of which the test sends the body. */
function coming(declared?: number) {
  const stream = new PassThrough();
  const headers = declared === undefined ? {} : { 'content-length': String(declared) };
  return { req: Object.assign(stream, { headers }) as unknown as IncomingMessage, stream };
}
/** Resolves when all that was sent so far has been read. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
const somePieces = fc.array(
  fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 50 }),
    fc.integer({ min: 1, max: 9_000 }).map((length) => new Uint8Array(length).fill(length % 251)),
  ),
  { maxLength: 12 },
);

it('a body is what was sent, in however many pieces, its length declared or not', () =>
  fc.assert(
    fc.asyncProperty(somePieces, fc.boolean(), async (pieces, isDeclared) => {
      const all = Buffer.concat(pieces);
      const { req, stream } = coming(isDeclared ? all.length : undefined);
      const body = bodyReader({ bytesMax: 200_000 })(req, res);
      for (const piece of pieces) {
        stream.write(Buffer.from(piece));
        await turn();
      }
      stream.end();
      expect((await body).equals(all)).toBe(true);
    }),
    { numRuns: 100 },
  ));

it('of all that is unfinished, the one that has been coming for the longest time makes room; one that comes at once needs none', async () => {
  const readBody = bodyReader({ bytesMax: 100_000, heldBytesMax: 30_000 });
  const [oldest, later, newest, whole] = [coming(50_000), coming(), coming(50_000), coming(20_000)];
  const bodies = [oldest, later, newest].map(({ req }) => readBody(req, res));
  const ended = Promise.allSettled(bodies);
  for (const { stream } of [oldest, later]) {
    stream.write(Buffer.alloc(10_000));
    await turn();
  }
  const atOnce = readBody(whole.req, res);
  whole.stream.end(Buffer.alloc(20_000));
  expect(await atOnce).toHaveLength(20_000);
  newest.stream.write(Buffer.alloc(10_000));
  await expect(bodies[0]).rejects.toMatchObject({ code: 'request.crowded_out' });
  for (const { stream } of [later, newest]) stream.end(Buffer.alloc(10));
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

it('what is longer than it may be is refused as soon as that shows', async () => {
  const readBody = bodyReader({ bytesMax: 100 });
  await expect(readBody(coming(101).req, res)).rejects.toMatchObject({ code: 'request.too_large' });
  const { req, stream } = coming();
  const body = readBody(req, res);
  stream.write(Buffer.alloc(60));
  stream.write(Buffer.alloc(60));
  await expect(body).rejects.toMatchObject({ code: 'request.too_large' });
});
