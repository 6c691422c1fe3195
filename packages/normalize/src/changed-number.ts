import type { NumberChanged, PersonIds } from '@keyturn/contracts';
import { aboutPerson, type Normalized } from './normalized.ts';
import { readBsuid, readWaId } from './payload/ids.ts';
import { firstOf, present } from './payload/json.ts';
import { isNobody, readPerson, senderKeys } from './payload/person.ts';
import { type SystemItem, systemEnvelope } from './system-item.ts';
import { unrecognized } from './unrecognized.ts';

/** `<old> to <new>` at the end of the notice's text. */
const OLD_TO_NEW = /\bfrom (\S{3,200}) to (\S{3,200}?)\.?\s*$/;
const BODY_CHARACTERS_READ = 600;
const BSUID = /^[A-Z]{2}\.[A-Za-z0-9.]{1,196}$/;

/** A change of number or BSUID. `contacts[]` lends nothing: an entry beside it may be of before or of after. */
export function numberChanged(item: SystemItem): readonly Normalized[] {
  const { change, message, variant, path } = item;
  const current = currentOf(item);
  const previous = previousOf(item, current);
  const known = isNobody(previous) ? current : previous;
  const event: NumberChanged = { ...systemEnvelope(item, 'number.changed', known), variant, previous, current };
  const changed = aboutPerson(event, known);
  // No room in the event, and no saying whose hash it is: the change itself speaks for both ends.
  const identity = message.identity ?? undefined;
  return identity === undefined ? [changed] : [changed, unrecognized(change, `identity_beside:${variant}`, path, message)];
}

/** `wa_id` since webhooks v12, `new_wa_id` before (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, legacy). */
const currentOf = (item: SystemItem): PersonIds =>
  readPerson(item.system, { waId: ['wa_id', 'new_wa_id'], bsuid: ['user_id'], parentBsuid: ['parent_user_id'] }, item.flags);

/** The sender is the one of before. An id that is the one of after as well says nothing of before. */
function previousOf(item: SystemItem, current: PersonIds): PersonIds {
  const { message, system, flags } = item;
  const sender = readPerson(message, senderKeys, flags);
  const waId = sender.waId ?? readWaId(firstOf(system, ['customer', 'previous_wa_id']), flags);
  const bsuid =
    readBsuid(firstOf(system, ['previous_user_id']), flags) ?? unless(current.bsuid, sender.bsuid) ?? previousInText(item, current);
  const parentBsuid = readBsuid(firstOf(system, ['previous_parent_user_id']), flags) ?? unless(current.parentBsuid, sender.parentBsuid);
  return present({ waId, bsuid, parentBsuid });
}

const unless = (same: string | undefined, id: string | undefined): string | undefined => (id === same ? undefined : id);

/** The early form has the BSUID of before in its text alone. The text has the person's name in it, who may call themselves anything, so the
 *  pair counts only at its end and only where its second half is the BSUID that the notice names. */
function previousInText({ system }: SystemItem, current: PersonIds): string | undefined {
  const body = system.body;
  if (typeof body !== 'string' || current.bsuid === undefined) return undefined;
  const [, old, next] = OLD_TO_NEW.exec(body.slice(-BODY_CHARACTERS_READ)) ?? [];
  return old !== undefined && next === current.bsuid && BSUID.test(old) ? old : undefined;
}
