import { account } from '@keyturn/contracts';
import { canonicalJson, eventId } from './event-id.ts';
import { aboutAccount, type Change, type Normalized, type Webhook } from './normalized.ts';
import { present, textOf } from './payload/json.ts';

/** Room for the envelope and the record's overhead below what the broker takes. */
const FRAGMENT_BYTES_MAX = account.messageBytesMax - 64 * 1024;
type Where = Pick<Change, 'webhook'> & Partial<Pick<Change, 'wabaId' | 'phoneNumberId' | 'field'>>;

/** Keeps what nobody knows, with its fragment, its place and why. The fragment is left out where it is nested deeper than 256 or escapes to
 *  more than a record holds; the body on the webhooks topic has it anyway. Never throws. */
export function unrecognized(where: Where, reason: string, path: string, fragment?: unknown): Normalized {
  const { webhook, wabaId, phoneNumberId, field } = where;
  const canonical = fragment === undefined ? undefined : canonicalJson(fragment);
  const fits = canonical !== undefined && Buffer.byteLength(canonical) <= FRAGMENT_BYTES_MAX;
  // Without content to go by, it is the place that makes the id.
  const content = canonical ?? `${webhook.webhookId} ${path}`;
  return aboutAccount(
    present({
      type: 'webhook.unrecognized' as const,
      id: eventId('webhook.unrecognized', wabaId, phoneNumberId, field, reason, content),
      wabaId,
      phoneNumberId,
      field,
      reason: textOf(reason, 200) ?? 'unknown',
      occurredAt: webhook.receivedAt,
      receivedAt: webhook.receivedAt,
      source: { webhookId: webhook.webhookId, path },
      fragment: fits ? fragment : undefined,
    }),
  );
}

/** Stands in for an event that is too large for its topic, with its place in the body, or for all of a body's (`path` is empty) that are more
 *  than one publish takes: the body is kept, they are left to a replay from there. */
export const unpublishable = (webhook: Webhook, path: string): Normalized => unrecognized({ webhook }, 'events_too_large', path);
