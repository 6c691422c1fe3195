import type { InboundEvent, LegacyIdentity, StatusReported } from '@keyturn/contracts';
import type { z } from 'zod';
import type { Lost, Resolved } from '../slice.ts';
import type { IdentityFact } from './identity-state.ts';

/** The person's key hash was not the one on the send: the message was not delivered, and the new hash is unknown
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers, read 2026-11). */
const HASH_MISMATCH = 137_000;
/** Whether a message of ours was refused, since the person has another key hash than it carried. */
export const isHashRefused = (event: InboundEvent): event is StatusReported =>
  event.type === 'status.reported' &&
  event.subject === 'delivery' &&
  event.status === 'failed' &&
  (event.errorCodes?.includes(HASH_MISMATCH) ?? false);

/** What an event says of who answers; empty: nothing. No hash is no information (the check is off, or the send carried one). */
export function factsOf(event: Resolved): readonly IdentityFact[] {
  const of = { as: event.as, on: event.phoneNumberId, at: event.at, by: event.id };
  switch (event.type) {
    case 'message.received':
      return [...hashFacts(event), ...(event.legacyIdentity ? [legacyFact(event, event.legacyIdentity)] : [])];
    case 'status.reported': {
      const hashes = { ...(event.identityKeyHash && { hash: event.identityKeyHash }), ...(event.sentUnder && { under: event.sentUnder }) };
      return [...hashFacts(event), ...(isHashRefused(event) ? [{ ...of, signal: `mismatch:${event.wamid}`, ...hashes }] : [])];
    }
    case 'identity.changed':
      return [legacyFact(event, event.legacyIdentity)];
    case 'call.reported':
    case 'message.echoed':
    case 'preference.changed':
      return hashFacts(event);
    default:
      return [];
  }
}
const hashFacts = ({
  as,
  phoneNumberId: on,
  at,
  id: by,
  identityKeyHash: hash,
}: Resolved<Extract<InboundEvent, { identityKeyHash?: unknown }>>) => (hash === undefined ? [] : [{ as, on, at, hash, by }]);

/** The block repeats on every message until somebody acknowledged, so its name is the hash and when that was made, not the message.
 *  A block that says neither is named by its event. */
function legacyFact(
  { as, phoneNumberId: on, at, id: by }: Resolved,
  { keyHash, createdTimestamp }: z.infer<typeof LegacyIdentity>,
): IdentityFact {
  if (keyHash !== undefined) return { as, on, at, by, hash: keyHash, signal: `legacy:${keyHash}:${createdTimestamp ?? ''}` };
  return { as, on, at, by, signal: createdTimestamp === undefined ? `legacy:@${by}` : `legacy::${createdTimestamp}` };
}

/** Stands for what an event would have said, had it not failed: nobody knows, so somebody has to look. */
export const undecidedFact = ({ as, phoneNumberId: on, at, id: by }: Lost): IdentityFact => ({ as, on, at, by, signal: `undecided:${by}` });
