import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { type Ingress, ingressProcess, type Line } from './hostile.fixture.ts';
import { call, head, healthyBody, sign, signed, statusesIn } from './hostile-callers.fixture.ts';

let ingress: Ingress;
beforeAll(async () => {
  ingress = await ingressProcess();
});
afterAll(() => ingress.stop());

const requestLines = (): Line[] => ingress.lines.filter(({ msg }) => msg === 'request');
/** What these bytes on one connection were answered, and the lines that the log got for them. */
async function answers(said: string | Buffer, count = 1, hangUp = false): Promise<{ heard: string; statuses: number[]; lines: Line[] }> {
  const before = requestLines().length;
  const { socket, heard } = call(ingress.port, said);
  if (hangUp) socket.end();
  await until(`${count} answers`, () => statusesIn(heard()).length >= count || socket.closed);
  await until('its lines are written', () => requestLines().length >= before + count);
  socket.destroy();
  const statuses = statusesIn(heard());
  return { heard: heard(), statuses, lines: requestLines().slice(before) };
}

const body = healthyBody();
const digits = sign(body).slice('sha256='.length);
const size = Buffer.byteLength(body);
const withSignature = (header: string) => `${head({ 'content-length': size }).slice(0, -2)}${header}\r\n\r\n${body}`;
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
const zipped = gzipSync(body);
const large = 'x'.repeat(WEBHOOK_BYTES_MAX);
const good = { 'x-hub-signature-256': sign(body) };

describe('the one answer, and the one line', () => {
  it.each<[string, string | Buffer, number]>([
    ['a signed body', signed(body), 200],
    ['a signed body in chunks', head({ ...good, 'transfer-encoding': 'chunked' }) + chunked(body), 200],
    ['blanks around the signature', withSignature(`X-Hub-Signature-256:   ${sign(body)}  `), 200],
    ['no signature', withSignature('x-nothing: 1'), 401],
    ['an empty signature', withSignature('x-hub-signature-256:'), 401],
    ['the signature twice', withSignature(`x-hub-signature-256: ${sign(body)}\r\nx-hub-signature-256: ${sign(body)}`), 401],
    ['a good one after a bad one', withSignature(`x-hub-signature-256: ${sign('')}\r\nX-Hub-Signature-256: ${sign(body)}`), 401],
    ['two in one header', withSignature(`x-hub-signature-256: ${sign(body)}, ${sign(body)}`), 401],
    ['upper case', withSignature(`x-hub-signature-256: SHA256=${digits.toUpperCase()}`), 401],
    ['blanks within', withSignature(`x-hub-signature-256: sha256= ${digits}`), 401],
    ['SHA-1 in its place', withSignature(`x-hub-signature-256: sha1=${digits.slice(0, 40)}`), 401],
    ['SHA-1 alone', withSignature(`x-hub-signature: sha1=${digits.slice(0, 40)}`), 401],
    ['a digit more', withSignature(`x-hub-signature-256: ${sign(body)}0`), 401],
    ['a folded header', withSignature(`x-hub-signature-256: sha256=\r\n ${digits}`), 400],
    ['more than 3 MB, declared', head({ ...good, 'content-length': WEBHOOK_BYTES_MAX + 1 }), 413],
    ['more than memory, declared', head({ ...good, 'content-length': 1e15 }), 413],
    ['more than 3 MB, in chunks', head({ ...good, 'transfer-encoding': 'chunked' }) + chunked(`${large}x`), 413],
    ['a length that is none', head({ ...good, 'content-length': '-1' }), 400],
    ['a chunk size that is none', `${head({ ...good, 'transfer-encoding': 'chunked' })}zz\r\n`, 400],
    ['a body in 2,000 chunks of one byte', `${head({ ...good, 'transfer-encoding': 'chunked' })}${'1\r\nx\r\n'.repeat(2_000)}`, 400],
    ['an endless chunk extension', `${head({ ...good, 'transfer-encoding': 'chunked' })}1;${'a'.repeat(20_000)}\r\n`, 413],
    ['gzip', Buffer.concat([Buffer.from(head({ ...good, 'content-encoding': 'gzip', 'content-length': zipped.length })), zipped]), 415],
    ['brotli, twice', `${head({ ...good, 'content-encoding': 'br, br', 'content-length': 3 })}abc`, 415],
    [
      'both lengths: Content-Length and chunks',
      head({ ...good, 'content-length': size, 'transfer-encoding': 'chunked' }) + chunked(body),
      400,
    ],
    ['two lengths', withSignature(`content-length: 1\r\nx-hub-signature-256: ${sign(body)}`), 400],
    ['an unknown transfer coding', head({ ...good, 'transfer-encoding': 'xchunked' }) + chunked(body), 400],
    ['a coding after chunks', head({ ...good, 'transfer-encoding': 'chunked, identity' }) + chunked(body), 400],
    ['a blank before a header’s colon', withSignature(`x-hub-signature-256 : ${sign(body)}`), 400],
    ['a bare line feed', signed(body).replaceAll('\r\n', '\n'), 400],
    ['NUL in a header', withSignature(`x-hub-signature-256: ${sign(body)}\0`), 400],
    ['no host', head({ ...good, host: undefined, 'content-length': size }) + body, 400],
    ['headers over 16 kB', head({ ...good, 'x-padding': 'x'.repeat(17_000) }), 431],
    ['10,000 headers', withSignature(Array.from({ length: 10_000 }, (_, i) => `a${i}: 1`).join('\r\n')), 431],
    ['an unknown method', head({}, '/webhook', 'BREW'), 400],
    ['a method that the path has not', head({}, '/webhook', 'DELETE'), 404],
    ['OPTIONS', head({}, '/webhook', 'OPTIONS'), 404],
    ['TRACE', head({}, '/webhook', 'TRACE'), 404],
    ['CONNECT', head({}, 'example.org:443', 'CONNECT'), 400],
    ['HEAD without a token', head({}, '/webhook', 'HEAD'), 403],
    ['a handshake with arrays', head({}, '/webhook?hub.mode=subscribe&hub.verify_token[]=a&hub.challenge[x]=1', 'GET'), 403],
    ['an unknown path', head({}, '/wp-login.php', 'GET'), 404],
    ['a path that climbs', head({}, '/webhook/../../etc/passwd', 'GET'), 404],
    ['a path that climbs, encoded', head({}, '/%2e%2e%2f%2e%2e%2fetc/passwd', 'GET'), 404],
    ['a path that can not be read', head({}, '/%', 'GET'), 404],
    ['a whole URL', head({}, 'http://elsewhere.test/webhook', 'GET'), 403],
    ['an upgrade', head({ connection: 'upgrade', upgrade: 'websocket' }, '/webhook', 'GET'), 403],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['TLS', Buffer.concat([Buffer.from([0x16, 3, 1, 2, 0, 1]), randomBytes(200)]), 400],
    ['an expectation nobody knows', signed(body, { expect: 'the-unexpected' }), 200],
  ])('%s', async (_case, said, status) => {
    const { heard, statuses, lines } = await answers(said);
    expect([statuses, lines.map((line) => line.status)]).toEqual([[status], [status]]);
    if (status >= 400) expect(heard).toMatch(/content-type: application\/problem\+json/i);
    expect(ingress.written.join()).not.toMatch(/12025550101|wamid\.hostile|passwd|elsewhere/);
  });

  it('only who may go on hears 100 Continue', async () => {
    const before = requestLines().length;
    const mayNot = await answers(head({ expect: '100-continue', 'content-length': size }));
    expect(mayNot.statuses).toEqual([401]);
    const may = call(ingress.port, head({ ...good, expect: '100-continue', 'content-length': size }));
    await until('it hears so', () => may.heard() !== '');
    may.socket.write(body);
    await until('the answer', () => statusesIn(may.heard()).length === 2);
    expect(statusesIn(may.heard())).toEqual([100, 200]);
    await until('its line is written', () => requestLines().length === before + 2);
    may.socket.destroy();
  });

  it.each([
    ['another request', signed()],
    ['a thousand', signed().repeat(1_000)],
    ['something that is none', 'NONSENSE\r\n\r\n'],
  ])('of a request with %s at its heels only the first is answered, and the connection ends', async (_case, more) => {
    const before = requestLines().length;
    expect(statusesIn(await call(ingress.port, signed() + more).closed)).toEqual([200]);
    await until('the lines', () => requestLines().length === before + 2);
    expect(
      requestLines()
        .slice(before)
        .map((line) => line.status)
        .sort(),
    ).toEqual([200, 400]);
  });

  it('a request within the body of another is body', async () => {
    const inner = signed();
    const { statuses } = await answers(head({ 'x-hub-signature-256': sign(inner), 'content-length': inner.length }) + inner);
    expect(statuses).toEqual([200]);
  });

  it.each([
    ['in the middle of the head', head(good).slice(0, 40), 1],
    ['in the middle of the body', signed(body).slice(0, -10), 1],
    ['in the middle of a chunk', `${head({ ...good, 'transfer-encoding': 'chunked' })}ff\r\nabc`, 1],
    ['before the answer', signed(body), 1],
  ])('who hangs up %s gets a line where there was a request, and harms nobody', async (_case, said, count) => {
    const before = requestLines().length;
    const { socket } = call(ingress.port, said);
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await until('the line', () => requestLines().length >= before + count);
    expect((await answers(signed())).statuses).toEqual([200]);
    expect(requestLines().length).toBe(before + count + 1);
  });

  it.each<[string, string | Buffer, number]>([
    ['a method that it has not', `${head({ 'content-length': 2 }, '/metrics', 'POST')}{}`, 404],
    ['a path that climbs', head({}, '/metrics/../../etc/passwd', 'GET'), 404],
    ['a body without an end', head({ 'transfer-encoding': 'chunked' }, '/readyz', 'PUT') + chunked(large).slice(0, -5), 404],
    ['both lengths', head({ 'content-length': 2, 'transfer-encoding': 'chunked' }, '/healthz', 'GET') + chunked('{}'), 400],
    ['headers over 16 kB', head({ 'x-padding': 'x'.repeat(17_000) }, '/healthz', 'GET'), 431],
    ['no host', head({ host: undefined }, '/healthz', 'GET'), 400],
  ])('the admin port withstands %s too', async (_case, said, status) => {
    const { socket, heard } = call(ingress.adminPort, said);
    await until('the answer', () => statusesIn(heard()).length > 0);
    socket.destroy();
    expect(statusesIn(heard())).toEqual([status]);
    expect(await ingress.metric('process_resident_memory_bytes')).toBeGreaterThan(0);
  });
});

it('who comes too slowly is told so, with a line, and what was dripped on is closed', async () => {
  const lines = () => ingress.lines.filter(({ status }) => status === 408);
  const before = lines().length;
  const many = (said: string) => Array.from({ length: 20 }, () => call(ingress.port, said));
  const slow = [...many(head(good).slice(0, -2)), ...many(head({ ...good, 'content-length': WEBHOOK_BYTES_MAX })), ...many('')];
  const dripping = setInterval(() => {
    for (const { socket } of slow.slice(0, 40)) if (!socket.destroyed) socket.write('x');
  }, 500);
  const heard = await Promise.all(slow.map(({ closed }) => closed));
  clearInterval(dripping);
  expect(heard.map(statusesIn)).toEqual(Array(60).fill([408]));
  await until('their lines', () => lines().length === before + 60);
});
