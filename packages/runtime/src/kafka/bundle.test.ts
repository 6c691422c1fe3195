import { createRequire } from 'node:module';
import { expect, it, jest } from '@jest/globals';
import { bundle } from './bundle.ts';
import { encodeRecord, type Message } from './encoded-record.ts';
import { patchKafkajsProduce } from './produce-patch.ts';

type Encoder = { buf: Buffer; offset: number; buffer: Buffer; writeBuffer(bytes: Buffer): Encoder };
type Request = { apiKey: number; apiVersion: number; encode(): Promise<Encoder> };
type Produce = { protocol(version: { version: number }): (options: object) => { request: Request } };
type Whole = (of: { correlationId: number; clientId: string; request: Request }) => Promise<Encoder>;
patchKafkajsProduce();
const require = createRequire(import.meta.url);
const { protocol } = require('kafkajs/src/protocol/requests/produce/index.js') as Produce;
const wholeRequest = require('kafkajs/src/protocol/request.js') as Whole;
const KafkajsEncoder = require('kafkajs/src/protocol/encoder.js') as new () => Encoder;

const one = { key: 'a', value: 'first', headers: { facets: 'hash' } };
const two = { key: 'b', value: Buffer.from('second') };
const three = { key: null, value: 'third' };
const bundled = (...messages: readonly Message[]) => bundle(3, messages.map(encodeRecord));
const requestOf = (version: number, messages: readonly object[], more: object = {}): Request =>
  protocol({ version })({
    ...{ acks: -1, timeout: 1_000, compression: 0, producerId: -1, ...more },
    topicData: [{ topic: 't', partitions: [{ partition: 3, messages }] }],
  }).request;

async function encoded(request: Request): Promise<Buffer> {
  jest.spyOn(Date, 'now').mockReturnValue(1_795_132_800_123);
  const { buffer } = await request.encode();
  jest.restoreAllMocks();
  return buffer;
}

it.each([
  ['one bundle', [bundled(one, two, three)]],
  ['bundles and messages', [bundled(one, two), three]],
  ['a bundle of one', [one, bundled(two), three]],
])('%s is written as its records are', async (_case, messages) => {
  for (const version of [3, 7]) {
    expect(await encoded(requestOf(version, messages))).toEqual(await encoded(requestOf(version, [one, two, three])));
  }
});

it.each([
  ['by a version that knows of no record batch', 2, {}],
  ['compressed', 7, { compression: 1 }],
  ['in a transaction', 7, { transactionalId: 'x' }],
  ['idempotent', 7, { producerId: 5 }],
])('a bundle that is to be sent %s is refused: kafkajs would send nothing of it', (_case, version, more) => {
  expect(() => requestOf(version, [one, bundled(two)], more)).toThrow("can't be sent so");
  expect(() => requestOf(version, [one, two], more)).not.toThrow();
});

it.each([
  ['us', 'keyturn-ingress'],
  ['somebody with a name that is longer than the room before the request', 'x'.repeat(300)],
])('what kafkajs writes before a request of ours stands there, from %s', async (_case, clientId) => {
  const request = requestOf(7, [bundled(one, two, three)]);
  const bytes = await encoded(request);
  jest.spyOn(Date, 'now').mockReturnValue(1_795_132_800_123);
  const ours = await wholeRequest({ correlationId: 5, clientId, request });
  jest.restoreAllMocks();
  const copied = { ...request, encode: async () => new KafkajsEncoder().writeBuffer(Buffer.from(bytes)) };
  const theirs = await wholeRequest({ correlationId: 5, clientId, request: copied });
  expect(ours.buffer.equals(theirs.buffer)).toBe(true);
});
