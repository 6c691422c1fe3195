import { T0 } from '@keyturn/testkit';

const METADATA = { display_phone_number: '12025550199', phone_number_id: '100000000000001' };
/** A person of a story, by the identifiers that the platform shows. */
export type Person = { waId?: string; bsuid?: string; parentBsuid?: string };
/** One item of a webhook. */
export type Item = { kind: 'messages' | 'statuses'; item: Record<string, unknown>; contact?: Record<string, unknown>; number?: string };

let sent = 0;
const wamid = () => `wamid.${Date.now().toString(36)}.${++sent}`;
const at = (offset: number) => String(T0 + offset);
const contactOf = ({ waId, bsuid, parentBsuid }: Person, hash?: string) => ({
  profile: { name: 'Ada Fixture' },
  ...(waId === undefined ? {} : { wa_id: waId }),
  ...(bsuid === undefined ? {} : { user_id: bsuid }),
  ...(parentBsuid === undefined ? {} : { parent_user_id: parentBsuid }),
  ...(hash === undefined ? {} : { identity_key_hash: hash }),
});
const fromOf = ({ waId, bsuid, parentBsuid }: Person) => ({
  ...(waId === undefined ? {} : { from: waId }),
  ...(bsuid === undefined ? {} : { from_user_id: bsuid }),
  ...(parentBsuid === undefined ? {} : { from_parent_user_id: parentBsuid }),
});

/** A text from a person, so many seconds into the story, with the key hash that their account has then. */
export const text = (person: Person, seconds: number, hash?: string, more: Record<string, unknown> = {}): Item => ({
  kind: 'messages',
  item: { ...fromOf(person), id: wamid(), timestamp: at(seconds), type: 'text', text: { body: 'nobody else may read this' }, ...more },
  contact: contactOf(person, hash),
});
/** What became of a message of ours to a person. */
export const statusOf = (person: Person, seconds: number, more: Record<string, unknown>): Item => ({
  kind: 'statuses',
  item: { id: wamid(), status: 'delivered', timestamp: at(seconds), recipient_id: person.waId, ...more },
});
/** A `system` message, by which the platform reports what a person did. */
export const system = (person: Person, seconds: number, body: Record<string, unknown>, more: Record<string, unknown> = {}): Item => ({
  kind: 'messages',
  item: { ...fromOf(person), id: wamid(), timestamp: at(seconds), type: 'system', system: body, ...more },
});

/** One POST with these items, each in a change of its own. */
export const bodyOf = (items: readonly Item[]): string =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '200000000000001',
        changes: items.map(({ kind, item, contact, number }) => ({
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: number === undefined ? METADATA : { ...METADATA, phone_number_id: number },
            ...(contact === undefined ? {} : { contacts: [contact] }),
            [kind]: [item],
          },
        })),
      },
    ],
  });
