import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ContactJson, DecisionJson, GateDecisionJson, IdentityChangeJson } from '@keyturn/contracts';
import { GRAPH_TOKEN, type GraphServer, graphNumber, graphWorld, startGraphServer, T0 } from '@keyturn/testkit';
import { type Line, startLine } from './line.ts';
import { bodyOf, statusOf, text } from './payload.ts';
import { until } from './until.ts';

/** The number of ours that payloads are of. */
const OURS = '100000000000001';
let platform: GraphServer;
let line: Line;
let key = '';
beforeAll(async () => {
  platform = await startGraphServer(graphWorld([graphNumber(OURS)]));
  line = await startLine({ GATE_GRAPH_URL: platform.url, GATE_STATE_AGE_MAX_MS: '60000' });
  ({ key } = (await line.api<{ key: string }>('POST', '/v1/keys', { name: 'sender', scopes: ['send'] })).body);
});
afterAll(async () => {
  await line.stop();
  await platform.close();
});

const now = () => Math.floor(Date.now() / 1000) - T0;
const instant = (seconds: number) => new Date((T0 + seconds) * 1000).toISOString();
const writes = (waId: string, hash: string, seconds: number) => line.post(bodyOf([text({ waId }, seconds, hash)]));
async function send(to: string): Promise<{ status: number; code: number | undefined; wamid: string | undefined }> {
  const response = await fetch(`${line.gateUrl}/v25.0/${OURS}/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${GRAPH_TOKEN}`, 'x-keyturn-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Hello' } }),
  });
  const answer = (await response.json()) as { error?: { code: number }; messages?: { id: string }[] };
  return { status: response.status, code: answer.error?.code, wamid: answer.messages?.[0]?.id };
}
const find = async (waId: string) =>
  (await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).body.items[0] as ContactJson;
const becomes = (waId: string, status: ContactJson['identity']['status']) =>
  until(`${waId} is ${status}`, async () => (await find(waId))?.identity.status === status);

it('a refusal by the identity key, in the answer to a send, blocks; why nothing is sent from then on is answered', async () => {
  const waId = '4915733000001';
  await writes(waId, 'h1', now() - 60);
  await becomes(waId, 'clear');
  platform.world.refusals.set(waId, { status: 400, code: 137_000, message: '(#137000) Recipient identity key mismatch' });
  await until('it may be sent to', async () => (await send(waId)).code === 137_000);
  await becomes(waId, 'blocked');
  const contact = await find(waId);
  expect(contact.identity.evidence).toMatchObject([{ kind: 'mismatch', phoneNumberId: OURS }]);
  expect(await send(waId)).toMatchObject({ status: 403, code: 990_001 });
  const decisions = async () =>
    (await line.api<{ items: GateDecisionJson[] }>('GET', `/v1/decisions?contactId=${contact.contactId}`)).body.items;
  await until('it is in the journal', async () => (await decisions()).some(({ reasons }) => reasons[0]?.code === 'identity_blocked'));
});

it('a message that fails late under the hash that a decision replaced blocks nobody again', async () => {
  const waId = '4915733000002';
  await writes(waId, 'h1', now() - 60);
  await becomes(waId, 'clear');
  let wamid: string | undefined;
  await until('it is sent', async () => {
    ({ wamid } = await send(waId));
    return wamid !== undefined;
  });
  await writes(waId, 'h2', now() - 30);
  await becomes(waId, 'blocked');
  const { contactId, identity } = await find(waId);
  await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
    ...{ keyHash: identity.keyHash, version: identity.version, verdict: 'same_person', reason: 'called back' },
  });
  await line.post(bodyOf([statusOf({ waId }, now() + 5, { id: wamid, status: 'failed', errors: [{ code: 137_000 }] })]));
  await line.settled();
  expect((await find(waId)).identity.status).toBe('clear');
  await line.post(bodyOf([statusOf({ waId }, now() + 6, { id: 'wamid.of.nobody', status: 'failed', errors: [{ code: 137_000 }] })]));
  await becomes(waId, 'blocked');
});

it('what goes past the gate to somebody who is blocked is on the queue, once the gate must have said what it sent', async () => {
  const waId = '4915733000003';
  await writes(waId, 'h1', now() - 60);
  await writes(waId, 'h2', now() - 50);
  await becomes(waId, 'blocked');
  await line.post(bodyOf([statusOf({ waId }, now() + 10, { id: 'wamid.past.the.gate', status: 'sent' })]));
  await line.settled();
  await line.query(`update ungated_candidate set due_at = now()`);
  const mine = async () =>
    (await line.api<{ items: IdentityChangeJson[] }>('GET', '/v1/identity-changes')).body.items.find(({ identifiers }) =>
      identifiers.some(({ value }) => value === waId),
    );
  await until('it is there', async () => (await mine())?.ungated?.messages === 1);
  expect((await mine())?.ungated?.phoneNumberIds).toEqual([OURS]);
});

it('who agreed elsewhere may be written to, until they stop; whoever takes the number may not; and all of it is told', async () => {
  const waId = '4915733000004';
  const answer = async () => {
    const body = JSON.stringify({ phoneNumberId: OURS, to: `+${waId}`, category: 'marketing', template: 'offers' });
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const { decision, reasons } = (await (
      await fetch(`${line.gateUrl}/v1/decisions`, { method: 'POST', headers, body })
    ).json()) as DecisionJson;
    return [decision, ...reasons.map(({ code }) => code)];
  };
  const agreed = async (seconds: number, kind: 'explicit' | 'stop') => {
    const said = { kind, categories: ['marketing'], source: 'ivr', evidence: { call: 'IVR-7' }, occurredAt: instant(seconds) };
    expect((await line.api('POST', '/v1/consents', { phoneNumberId: OURS, items: [{ waId, ...said }] })).status).toBe(200);
    await line.settled();
  };
  const begun = now();
  expect(await answer()).toEqual(['deny', 'contact_unknown']);
  await agreed(begun - 600, 'explicit');
  await until('it may be sent', async () => (await answer())[0] === 'allow');
  const { contactId } = await find(waId);
  await line.post(bodyOf([text({ waId }, begun - 300, 'h1', { text: { body: 'Stop' } })]));
  await line.settled();
  expect(await answer()).toEqual(['deny', 'opted_out']);
  await agreed(begun - 200, 'explicit');
  expect(await answer()).toEqual(['allow']);
  await writes(waId, 'h2', begun - 100);
  await becomes(waId, 'blocked');
  expect(await answer()).toEqual(['deny', 'identity_blocked']);
  const { identity } = await find(waId);
  await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
    ...{ keyHash: identity.keyHash, version: identity.version, verdict: 'different_person', reason: 'in the branch' },
  });
  await line.settled();
  expect((await find(waId)).contactId).not.toBe(contactId);
  expect(await answer()).toEqual(['deny', 'no_opt_in']);
  const told = (await line.read('consent.events.v1'))
    .filter((record) => String(record.key) === contactId)
    .map(({ value }) => JSON.parse(String(value)));
  expect(told.flatMap(({ fact }) => (fact === undefined ? [] : [`${fact.kind} by ${fact.source}`]))).toEqual(
    expect.arrayContaining(['explicit by ivr', 'stop by opt_out_message']),
  );
});

it('the records of it all are what their schemas say', async () => {
  await line.settled();
  const refused = (await line.read('whatsapp.inbound.v1')).filter(({ value }) => String(value).includes('"refused.'));
  expect(refused.length).toBeGreaterThan(0);
});
