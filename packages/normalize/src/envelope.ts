import type { Flag, PersonIds, Source } from '@keyturn/contracts';
import type { Change } from './normalized.ts';
import type { Flags } from './payload/ids.ts';
import { isNobody } from './payload/person.ts';
import { readInstant } from './payload/times.ts';

/** A change of which it is known whose it is. */
export type OwnedChange = Change & { readonly wabaId: string; readonly phoneNumberId: string };
/** An item can't become a typed event where it is not known to which of our numbers it came. */
export const isOwned = (change: Change): change is OwnedChange => change.wabaId !== undefined && change.phoneNumberId !== undefined;

type Envelope = PersonIds & {
  id: string;
  wabaId: string;
  phoneNumberId: string;
  occurredAt: string;
  receivedAt: string;
  source: Source;
  flags?: Flag[];
};

/** What every event about a person says. Comes last in building an event, since it carries what all other readers flagged. */
export function envelope(
  change: OwnedChange,
  item: { readonly id: string; readonly path: string; readonly timestamp: unknown; readonly person: PersonIds; readonly flags: Flags },
): Envelope {
  const { flags, person } = item;
  const occurredAt = readInstant(item.timestamp, change.webhook, flags);
  if (isNobody(person)) flags.add('person_missing');
  return {
    id: item.id,
    wabaId: change.wabaId,
    phoneNumberId: change.phoneNumberId,
    ...person,
    occurredAt,
    receivedAt: change.webhook.receivedAt,
    source: { webhookId: change.webhook.webhookId, path: item.path },
    ...(flags.size > 0 && { flags: [...flags].sort() }),
  };
}
