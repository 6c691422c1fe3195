import type { IdentityChanged } from '@keyturn/contracts';
import { readLegacyIdentity } from './legacy-identity.ts';
import { aboutPerson, type Normalized } from './normalized.ts';
import { readHash } from './payload/ids.ts';
import { present } from './payload/json.ts';
import { hashBeside, type SystemItem, subjectOf, systemEnvelope } from './system-item.ts';

/** A legacy notice that the account was registered anew. The hash is in the `identity` block, else in the notice itself, else unknown. */
export function identityChanged(item: SystemItem): readonly Normalized[] {
  const { message, system, variant, flags } = item;
  const { person, entry } = subjectOf(item);
  const block = readLegacyIdentity(message, flags);
  const keyHash = block?.keyHash ?? readHash(system.identity ?? undefined, flags);
  const event: IdentityChanged = {
    ...systemEnvelope(item, 'identity.changed', person),
    variant,
    legacyIdentity: present({ keyHash, createdTimestamp: block?.createdTimestamp }),
  };
  const changed = aboutPerson(event, person);
  return entry?.keyHash === undefined ? [changed] : [changed, hashBeside(item)];
}
