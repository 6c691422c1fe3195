/** A person of a story, by the identifiers that the platform shows. */
export type Person = { readonly name: string; readonly waId: string; readonly bsuid: string };

const WABA = '200000000000001';
const METADATA = { display_phone_number: '12025550199', phone_number_id: '100000000000001' };
const random = (below: number) => Math.floor(Math.random() * below);
const digits = (count: number) => Array.from({ length: count }, () => random(10)).join('');
const wamid = () => `wamid.${Buffer.from(`simulate ${digits(18)}`).toString('base64')}`;

/** Somebody who never wrote before. No country has the code 999, so it is nobody's number. */
export const somebody = (name: string): Person => ({ name, waId: `999${digits(10)}`, bsuid: `US.${1 + random(9)}${digits(19)}` });

/** A key hash as WhatsApp sends it: opaque, in short base64. It changes when the account is registered anew. */
export const someKeyHash = (): string => Buffer.from(digits(8)).toString('base64');

/** Whole seconds since 1970, so many seconds ago. */
export const ago = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds;

/** The webhook of a text: with the identity check on, WhatsApp tells the key hash that the sender's account has now. */
export const text = (from: Person, keyHash: string, at: number, body: string): string =>
  webhook({
    contacts: [{ profile: { name: from.name }, wa_id: from.waId, user_id: from.bsuid, identity_key_hash: keyHash }],
    messages: [{ from: from.waId, from_user_id: from.bsuid, id: wamid(), timestamp: String(at), type: 'text', text: { body } }],
  });

/** The webhook by which WhatsApp reports that a person took another number. */
export const numberChanged = (before: Person, after: Person, at: number): string =>
  webhook({
    messages: [
      {
        from: before.waId,
        id: wamid(),
        timestamp: String(at),
        type: 'system',
        system: {
          body: `User ${before.name} changed from ${before.bsuid} to ${after.bsuid}`,
          wa_id: after.waId,
          user_id: after.bsuid,
          previous_user_id: before.bsuid,
          type: 'user_changed_number',
        },
      },
    ],
  });

const webhook = (value: Record<string, unknown>): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: WABA, changes: [{ value: { messaging_product: 'whatsapp', metadata: METADATA, ...value }, field: 'messages' }] }],
  });
