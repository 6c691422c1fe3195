import type { LegacyIdentity } from '@keyturn/contracts';
import type { z } from 'zod';
import { type Flags, readHash } from './payload/ids.ts';
import { type Json, objectOf, present, textOf } from './payload/json.ts';

/** The legacy `identity` block of a message; undefined where there is none. Its `acknowledged` stays unread: it is the platform's state, not
 *  a decision of our engineer (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, legacy). */
export function readLegacyIdentity(message: Json, flags: Flags): z.infer<typeof LegacyIdentity> | undefined {
  const identity = message.identity;
  if (identity === undefined || identity === null) return undefined;
  const block = objectOf(identity);
  // Not a block: then it can only be the hash itself, as `system.identity` is.
  if (!block) return present({ keyHash: readHash(identity, flags) });
  return present({ keyHash: readHash(block.hash, flags), createdTimestamp: textOf(block.created_timestamp, 32) });
}
