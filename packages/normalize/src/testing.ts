import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { MessageReceived, StatusReported, WebhookUnrecognized } from '@keyturn/contracts';
import { normalize } from './normalize.ts';
import type { Normalized } from './normalized.ts';

const folder = new URL('../fixtures/', import.meta.url);
/** After every time in the fixtures. */
export const RECEIVED_AT = new Date('2026-11-23T12:00:00.500Z');
/** 2026-11-20, whole seconds. */
export const SENT_AT = 1_795_132_800;

/** The names of all webhook bodies among the fixtures. */
export const fixtureNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));
/** A fixture as it would come over the wire. */
export const fixture = (name: string): Buffer => readFileSync(new URL(`${name}.json`, folder));

/** The events of these bytes, or of this value as JSON. */
export function normalized(body: Buffer | object, receivedAt = RECEIVED_AT): readonly Normalized[] {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return normalize(bytes, { webhookId: hash('sha256', bytes, 'hex'), receivedAt });
}

type Loose = Partial<Omit<MessageReceived, 'type'> & Omit<StatusReported, 'type'> & Omit<WebhookUnrecognized, 'type'>> &
  Record<string, unknown>;
/** The events alone, as loose objects. */
export const events = (body: Buffer | object, receivedAt = RECEIVED_AT): readonly Loose[] =>
  normalized(body, receivedAt).map(({ event }) => event as unknown as Loose);

/** A body with these items in one change of the `messages` field. */
export const bodyOf = (value: object, field: unknown = 'messages'): object => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '200000000000001',
      changes: [
        {
          value: {
            messaging_product: 'whatsapp',
            metadata: { display_phone_number: '+1 202 555 0199', phone_number_id: '100000000000001' },
            ...value,
          },
          field,
        },
      ],
    },
  ],
});
/** A text message from Ada, with these differences. */
export const text = (differences: object = {}): object => ({
  from: '12025550101',
  id: 'wamid.A',
  timestamp: String(SENT_AT),
  type: 'text',
  text: { body: 'Hi' },
  ...differences,
});
/** A status of our message to Ada, with these differences. */
export const status = (differences: object = {}): object => ({
  id: 'wamid.B',
  status: 'delivered',
  timestamp: String(SENT_AT),
  recipient_id: '12025550101',
  ...differences,
});
/** The events of one message. */
export const ofMessage = (differences: object, beside: object = {}): readonly Loose[] =>
  events(bodyOf({ messages: [text(differences)], ...beside }));
/** The events of one status. */
export const ofStatus = (differences: object, beside: object = {}): readonly Loose[] =>
  events(bodyOf({ statuses: [status(differences)], ...beside }));
/** How often each property is tried. */
export const PROPERTY_RUNS = Number(process.env.KEYTURN_PROPERTY_RUNS ?? 200);
