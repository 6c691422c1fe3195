import { createRequire } from 'node:module';
import { expect, it, jest } from '@jest/globals';
import { bundle } from './bundle.ts';
import { patchKafkajsProduce } from './produce-patch.ts';

type Produce = {
  protocol(version: { version: number }): (options: object) => { request: { encode(): Promise<{ buf: Buffer; offset: number }> } };
};
patchKafkajsProduce();
const { protocol } = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/index.js') as Produce;

const one = { key: 'a', value: 'first', headers: { facets: 'hash' } };
const two = { key: 'b', value: Buffer.from('second') };
const three = { key: null, value: 'third' };
const requestOf = (messages: readonly object[]) => ({
  ...{ acks: -1, timeout: 1_000, compression: 0, producerId: -1 },
  topicData: [{ topic: 't', partitions: [{ partition: 3, messages }] }],
});

async function bytesOf(version: number, messages: readonly object[]): Promise<string> {
  jest.spyOn(Date, 'now').mockReturnValue(1_795_132_800_123);
  const { buf, offset } = await protocol({ version })(requestOf(messages)).request.encode();
  jest.restoreAllMocks();
  return buf.subarray(0, offset).toString('hex');
}

it.each([
  ['one bundle', [bundle(3, [one, two, three])]],
  ['bundles and messages', [bundle(3, [one, two]), three]],
  ['a bundle of one', [one, bundle(3, [two]), three]],
])('%s is written as its records are, by whoever encodes them', async (_case, messages) => {
  for (const version of [2, 3, 7]) expect(await bytesOf(version, messages)).toBe(await bytesOf(version, [one, two, three]));
});
