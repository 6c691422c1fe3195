import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, allTopics, WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import {
  bodyOf,
  events,
  fixture,
  fixtureNames,
  normalized,
  ofMessage,
  ofStatus,
  RECEIVED_AT,
  SENT_AT,
  text,
} from '@keyturn/normalize/testing';
import { createApp, type Listening, listen, type OutgoingRecord } from '@keyturn/runtime';
import { testLog } from '@keyturn/testkit';
import { startLine } from '@keyturn/testkit/line-in-memory';
import { loadConfig } from '../config.ts';
import { keeper } from '../keep.ts';
import { verify } from '../verify.ts';
import { webhookRoute } from '../webhook.route.ts';

const SECRET = 'a-secret-of-the-app';
const ADA = 'w:12025550101';
const sign = (body: Buffer) => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
let server: Listening | undefined;
afterEach(() => server?.close());
/** Posts to the ingress's own route, with this in place of Kafka. */
async function post(
  body: Buffer,
  publish: (records: readonly OutgoingRecord[]) => Promise<void>,
  signature = sign(body),
): Promise<Response> {
  const log = testLog();
  const routes = [webhookRoute({ appSecrets: [SECRET], keep: keeper({ publish }), now: () => RECEIVED_AT })];
  server = await listen(createApp({ log, routes }), { port: 0 });
  return fetch(`${server.url}/webhook`, { method: 'POST', body, headers: { 'x-hub-signature-256': signature } });
}

describe('delivery', () => {
  it('trap 01: a body brings several accounts, numbers, messages and statuses, and a bad item loses none of its neighbours', () => {
    const all = events(fixture('batch.multi_entry_multi_change'));
    expect(all.map(({ type, waId, wabaId }) => [type, waId, wabaId])).toEqual([
      ['message.received', '12025550101', '200000000000001'],
      ['message.received', '12025550103', '200000000000001'],
      ['status.reported', '12025550101', '200000000000001'],
      ['status.reported', '12025550101', '200000000000001'],
      ['phone_number.quality_changed', undefined, '200000000000002'],
      ['webhook.unrecognized', undefined, '200000000000002'],
    ]);
    expect(events(bodyOf({ messages: [text(), null, text({ id: 'wamid.Z' })] })).map(({ wamid }) => wamid)).toEqual([
      'wamid.A',
      undefined,
      'wamid.Z',
    ]);
  });
  it('trap 02: an item has its own id, whatever body it comes in; two participants of one message have two', () => {
    const [one, again, ...more] = events(fixture('batch.duplicate_delivery'));
    expect([one?.id, more]).toEqual([again?.id, []]);
    expect(one?.id).toBe(events(fixture('messages.text'))[0]?.id);
    expect(new Set(events(fixture('statuses.group_aggregated')).map(({ id }) => id)).size).toBe(2);
  });
  it('trap 03: a message delivered again after eight days is the same one, and changes nothing', () => {
    const late = new Date(RECEIVED_AT.getTime() + 8 * 86_400_000);
    const body = fixture('messages.identity_key_hash');
    expect(events(body, late)[0]?.id).toBe(events(body)[0]?.id);
    const line = startLine({ receivedAt: late }).take(body);
    const [before, told] = [line.person(ADA), line.told().length];
    line.take(body);
    expect([line.person(ADA), line.told().length]).toEqual([before, told]);
  });
  it('trap 05: nothing but 200 is answered for what is kept, 503 for what is not, and a poison item fails no body', async () => {
    const poison = Buffer.from(JSON.stringify(bodyOf({ messages: [text(), { id: {}, type: [] }, 7] })));
    expect((await post(poison, async () => undefined)).status).toBe(200);
    await server?.close();
    const away = async () => {
      throw new AppError('kafka.unavailable', 'away');
    };
    expect((await post(poison, away)).status).toBe(503);
  });
  it('trap 06: the signature is of the bytes as they came, not of what they mean', async () => {
    const { app_secret: secret, vectors } = JSON.parse(
      readFileSync(new URL('../../fixtures/signature.vectors.json', import.meta.url), 'utf8'),
    );
    for (const { raw_body: raw, signature, valid = true } of vectors) expect(verify([secret], Buffer.from(raw), signature)).toBe(valid);
    const body = Buffer.from('{"a":"\\u00e4",  "b":1}');
    expect((await post(body, async () => undefined)).status).toBe(200);
    await server?.close();
    expect((await post(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), async () => undefined, sign(body))).status).toBe(401);
  });
  it('trap 07: an empty secret starts nothing', () => {
    const env = { KAFKA_BROKERS: 'localhost:9092', WHATSAPP_VERIFY_TOKEN: 'a-token-of-ours' };
    for (const secret of [undefined, '', ' ', ',']) {
      expect(() => loadConfig({ ...env, WHATSAPP_APP_SECRET: secret })).toThrow(/WHATSAPP_APP_SECRET/);
    }
  });
  it('trap 08: a captured body that comes again, properly signed, changes no answer', () => {
    const bodies = fixtureNames.map((name) => fixture(name));
    const line = startLine().take(...bodies);
    const answers = () => ['w:12025550101', 'w:12025550102', 'w:12025550103'].map((one) => line.person(one as typeof ADA));
    const before = answers();
    line.take(...bodies.toReversed());
    expect(answers()).toEqual(before);
  });
});

describe('parsing', () => {
  it('trap 09: seconds come as text and as numbers; milliseconds and prose are no time of an item', () => {
    expect(ofMessage({ timestamp: String(SENT_AT) })[0]?.occurredAt).toBe('2026-11-20T00:00:00.000Z');
    expect(ofMessage({ timestamp: SENT_AT })[0]?.occurredAt).toBe('2026-11-20T00:00:00.000Z');
    expect(events(fixture('user_preferences.stop'))[0]?.occurredAt).toBe('2026-11-20T00:00:00.000Z');
    expect(events(fixture('account_update.disabled_update'))[0]?.occurredAt).toBe('2026-11-20T00:00:00.000Z');
    expect(ofMessage({ timestamp: SENT_AT * 1_000 })[0]?.flags).toEqual(['time_impossible']);
    expect(ofMessage({ timestamp: 'November 20, 2026' })[0]?.flags).toEqual(['time_impossible']);
  });
  it('trap 10: keys at the wrong level, and a field under another’s name, are found by what they are', () => {
    expect(events(fixture('account_update.partner_app_installed.field_misplaced'))).toMatchObject([{ type: 'account.updated' }]);
    expect(events(fixture('message_template_quality_update.mislabelled_field'))).toMatchObject([{ type: 'template.quality_changed' }]);
    expect(events(fixture('message_template_status_update.rejected.rejection_info_beside_value'))).toMatchObject([
      { type: 'template.status_changed', detail: 'Fixture text.' },
    ]);
    expect(events(bodyOf({ messages: [text()] }, null))).toMatchObject([{ type: 'message.received' }]);
  });
  it('trap 11: what nobody knows is kept with its fragment, and what is known of it counts', () => {
    const reasons = (name: string) => events(fixture(name)).flatMap(({ reason }) => reason ?? []);
    expect(reasons('unknown_field.tracking_events')).toEqual(['field']);
    expect(reasons('messages.unknown_future_type')).toEqual(['message_type:hologram']);
    expect(reasons('messages.system.unknown_subtype')).toEqual(['system_type:user_did_a_new_thing']);
    expect(reasons('statuses.unknown_status')).toHaveLength(1);
    expect(events(fixture('messages.unknown_future_type'))[0]).toMatchObject({ type: 'message.received', waId: '12025550101' });
    expect(ofStatus({ status: 'teleported', recipient_identity_key_hash: 'h' })[0]).toMatchObject({
      status: 'teleported',
      identityKeyHash: 'h',
    });
  });
  it('trap 12: an interactive message without its body is still a message, and the errors beside it are told', () =>
    expect(events(fixture('messages.interactive.missing_payload_with_errors'))).toMatchObject([
      { type: 'message.received', messageType: 'interactive', waId: '12025550101' },
      { type: 'errors.reported' },
    ]));
  it('trap 13: of an error only the code is needed', () => {
    expect(events(fixture('statuses.failed.no_error_data'))[0]?.errorCodes).toHaveLength(1);
    expect(ofStatus({ status: 'failed', errors: [{ code: '137000' }, {}, null] })[0]?.errorCodes).toEqual([137_000]);
  });
  it('trap 14: contacts are matched by id; where there are none the item speaks for itself', () => {
    const contacts = [
      { wa_id: '12025550103', identity_key_hash: 'h3' },
      { wa_id: '12025550101', identity_key_hash: 'h1' },
    ];
    const messages = [text(), text({ id: 'wamid.C', from: '12025550103' })];
    expect(events(bodyOf({ contacts, messages })).map(({ identityKeyHash }) => identityKeyHash)).toEqual(['h1', 'h3']);
    expect(events(bodyOf({ messages })).map(({ waId }) => waId)).toEqual(['12025550101', '12025550103']);
    expect(events(fixture('messages.system.user_changed_number'))[0]).toMatchObject({ waId: '12025550101' });
    expect(events(fixture('statuses.failed.131026'))[0]).toMatchObject({ waId: '12025550101' });
  });
  it('trap 15: a body of 3 MB is taken, and every topic takes a record of it', async () => {
    const item = (pad: string) => Buffer.from(JSON.stringify(bodyOf({ messages: [text({ text: { body: pad } })] })));
    const body = item('x'.repeat(WEBHOOK_BYTES_MAX - item('').length));
    const sent: OutgoingRecord[] = [];
    const answer = await post(body, async (records) => void sent.push(...records));
    expect([answer.status, body.equals(sent[0]?.value as Buffer)]).toEqual([200, true]);
    for (const { messageBytesMax } of allTopics) expect(messageBytesMax).toBeGreaterThan(WEBHOOK_BYTES_MAX);
    expect(normalized(body)).toHaveLength(1);
  });
});
