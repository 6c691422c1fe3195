import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ContactJson, contactEvents, headers, identityEvents, identityState, inbound, webhooks } from '@keyturn/contracts';
import { startTracing } from '@keyturn/runtime';
import { type OtlpReceiver, otlpReceiver, type ReceivedSpan, testLog } from '@keyturn/testkit';
import type { KafkaMessage } from 'kafkajs';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';

const WA_ID = '4915220000001';
let receiver: OtlpReceiver;
let line: Line;
let published: Record<string, KafkaMessage[]>;
const before = { ...process.env };
beforeAll(async () => {
  receiver = await otlpReceiver();
  Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  const tracing = await startTracing(process.env, testLog());
  line = await startLine();
  await line.post(bodyOf([text({ waId: WA_ID }, 0, 'h1')]));
  await line.settled();
  await line.post(bodyOf([text({ waId: WA_ID }, 60, 'h2')]));
  await line.settled();
  const { body } = await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId: WA_ID });
  const { contactId, identity } = body.items[0] as ContactJson;
  const { keyHash, version } = identity;
  const decision = { keyHash, version, verdict: 'same_person', reason: 'called back' };
  await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision);
  await line.settled();
  const topics = [webhooks, inbound, identityEvents, identityState, contactEvents];
  published = Object.fromEntries(await Promise.all(topics.map(async ({ name }) => [name, await line.read(name)] as const)));
  await line.stop();
  await tracing.stop();
});
afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  await receiver.close();
});

const header = (message: KafkaMessage | undefined, name: string): string => String(message?.headers?.[name] ?? '');
/** The span that a record continues. */
const spanOf = (message: KafkaMessage | undefined): ReceivedSpan | undefined => {
  const [, traceId, spanId] = header(message, headers.traceparent).split('-');
  return receiver.spans.find((span) => span.traceId === traceId && span.spanId === spanId);
};
/** From a span to the first of its trace, by name. */
function chain(span: ReceivedSpan | undefined): string[] {
  if (span === undefined) return [];
  return [...chain(receiver.spans.find((one) => one.traceId === span.traceId && one.spanId === span.parentSpanId)), span.name];
}
const event = (type: string) => published[identityEvents.name]?.find((message) => header(message, headers.eventType) === type);

describe('one trace', () => {
  it('runs from the webhook through ingress, consumer and relay to the record that tells of the block', () => {
    const sent = spanOf(event('identity.blocked'));
    expect(chain(sent)).toEqual(['POST /webhook', 'publish', 'tell identity.blocked', `send ${identityEvents.name}`]);
    const webhook = receiver.spans.find((span) => span.name === 'POST /webhook' && span.traceId === sent?.traceId);
    expect(webhook?.attributes).toMatchObject({ 'http.route': '/webhook', 'http.response.status_code': 200 });
  });

  it('is on the body, on the event and on the state record too', () => {
    for (const message of [...(published[webhooks.name] ?? []), ...(published[inbound.name] ?? [])])
      expect(chain(spanOf(message))).toEqual(['POST /webhook', 'publish']);
    const states = (published[identityState.name] ?? []).filter((message) => header(message, headers.republished) === '');
    expect(states.length).toBeGreaterThanOrEqual(3);
    for (const message of states) expect(chain(spanOf(message)).at(-1)).toBe(`send ${identityEvents.name}`);
  });

  it('is that of the request where somebody decided', () => {
    const acknowledged = chain(spanOf(event('identity.acknowledged')));
    expect(acknowledged[0]).toBe('POST /v1/contacts/:contactId/identity/acknowledgements');
    expect(acknowledged.slice(-2)).toEqual(['tell identity.acknowledged', `send ${identityEvents.name}`]);
  });

  it('goes on where the directory tells the slices: the contact that a webhook made', () => {
    const created = published[contactEvents.name]?.find((message) => header(message, headers.eventType) === 'contact.created');
    expect(chain(spanOf(created)).slice(0, 3)).toEqual(['POST /webhook', 'publish', 'tell contact.created']);
  });
});

it('a batch is a trace of its own, linked to the webhooks that it mixes, with its steps in it', () => {
  const told = receiver.spans.find(({ name }) => name === 'tell identity.blocked');
  const batches = receiver.spans.filter(({ name }) => name === 'identity batch');
  const batch = batches.find(({ traceId }) => told?.links.some((link) => link.traceId === traceId));
  expect(batch).toMatchObject({ kind: 5, parentSpanId: '', attributes: { 'messaging.batch.message_count': 1 } });
  expect(batch?.links.map(({ traceId }) => traceId)).toEqual([told?.traceId]);
  const inside = receiver.spans.filter(({ traceId }) => traceId === batch?.traceId).map(({ name }) => name);
  expect(inside.sort()).toEqual(['identity batch', 'resolve', 'transaction']);
});

it('no span holds a number, a name or what was written', () => {
  expect(receiver.spans.length).toBeGreaterThan(20);
  const sent = receiver.requests.map(({ body }) => String(body)).join();
  expect(sent).not.toMatch(/4915220000001|Ada Fixture|"hello"/);
});
