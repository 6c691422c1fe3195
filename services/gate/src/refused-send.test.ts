import { expect, it } from '@jest/globals';
import { normalize } from '@keyturn/normalize';
import { type RefusedSend, refusalIn, refusalWebhook } from './refused-send.ts';

const at = new Date('2026-11-20T10:00:00.700Z');
const send: RefusedSend = {
  ...{ phoneNumberId: '106540352242922', waId: '491700000001', recipient: null, identityKeyHash: 'h1+/=', at, refusalId: 'ours' },
};
const answer = (code: number, more = {}) => JSON.stringify({ error: { message: `(#${code})`, code, fbtrace_id: 'Ab1', ...more } });
/** What the line makes of a refusal. */
const told = (text: string, of: Partial<RefusedSend> = {}) => {
  const refusal = refusalIn(text);
  if (refusal === null) return null;
  const body = refusalWebhook({ ...send, ...of }, refusal, '102290129340398');
  return normalize(body, { webhookId: 'w', receivedAt: at }).map(({ event, key, facets }) => ({ ...event, key, facets: facets.join() }));
};

it('is a failed status on the line, with the hash that the send carried, and the person by the number', () => {
  expect(told(answer(137_000))).toEqual([
    {
      ...{ id: expect.any(String), type: 'status.reported', wamid: 'refused.Ab1', subject: 'delivery', status: 'failed' },
      ...{ wabaId: '102290129340398', phoneNumberId: '106540352242922', waId: '491700000001', key: '491700000001' },
      ...{ occurredAt: '2026-11-20T10:00:00.000Z', receivedAt: at.toISOString(), source: expect.any(Object) },
      ...{ errorCodes: [137_000], sentUnder: 'h1+/=', facets: 'error,status' },
    },
  ]);
});

it('is told once however often it is told: its id is of the platform’s own, else of ours', () => {
  const idOf = (text: string, of: Partial<RefusedSend> = {}) => told(text, of)?.[0]?.id;
  const again = { at: new Date(at.getTime() + 5_000), refusalId: 'another' };
  expect(idOf(answer(137_000), again)).toBe(idOf(answer(137_000)));
  expect(idOf(answer(137_000, { fbtrace_id: 'Ab2' }))).not.toBe(idOf(answer(137_000)));
  const unnamed = JSON.stringify({ error: { code: 137_000 } });
  expect(idOf(unnamed)).toBe(idOf(unnamed, { at: again.at }));
  expect(idOf(unnamed, again)).not.toBe(idOf(unnamed));
});

it.each<[guarantee: string, of: Partial<RefusedSend>, person: object]>([
  ['a BSUID is one', { waId: null, recipient: 'DE.134' }, { bsuid: 'DE.134' }],
  ['a parent BSUID is one', { waId: null, recipient: 'US.ENT.9' }, { parentBsuid: 'US.ENT.9' }],
  ['where both were named it is the number alone: a sender ties nobody together', { recipient: 'DE.134' }, { waId: '491700000001' }],
])('whom it is about: %s', (_guarantee, of, person) => {
  const named = Object.entries(told(answer(131_026), of)?.[0] ?? {}).filter(([name]) => ['waId', 'bsuid', 'parentBsuid'].includes(name));
  expect(Object.fromEntries(named)).toEqual(person);
});

it.each([
  ...[137_000, 131_050, 131_026, 131_047, 131_049, 130_472, 131_021, 131_030, 131_062, 131_056, 130_497].map(
    (code) => [code, 'told'] as const,
  ),
  ...[100, 131_048, 130_429, 80_007, 131_031, 368, 132_000, 131_000, 190].map((code) => [code, 'untold'] as const),
])('error %d is %s: what is about us alone says nothing of a person', (code, expected) =>
  expect(told(answer(code)) === null ? 'untold' : 'told').toBe(expected),
);

it.each(['', 'no json', '[]', '{"error":"no"}', '{"error":{"code":"137000"}}', '{"messages":[{"id":"wamid.1"}]}'])(
  'what is no refusal says nothing: %s',
  (text) => expect(refusalIn(text)).toBeNull(),
);
