import type { CallReported, PersonIds } from '@keyturn/contracts';
import { envelope, isOwned } from './envelope.ts';
import { errorCodesOf } from './errors.ts';
import { eventId } from './event-id.ts';
import { digitsOf, isOneNumber } from './message-parts.ts';
import { aboutPerson, type Change, type Normalized } from './normalized.ts';
import { type ContactEntry, lend } from './payload/contacts.ts';
import { type Flags, readHash, readWamid } from './payload/ids.ts';
import { type Json, lowerWordOf, present, wholeOf } from './payload/json.ts';
import { addresseeKeys, isNobody, readPerson, recipientKeys, senderKeys } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

type Said = Pick<CallReported, 'calledBy'> & { readonly person: PersonIds; readonly event: string };

/** One element of `calls[]`: a call began or ended. The person is whoever is not us. */
export const callEvents = (change: Change, call: Json, path: string): readonly Normalized[] =>
  reported(change, call, path, (flags) => {
    const calledBy = callerOf(call, change.displayNumber);
    const [first, second] = calledBy === 'business' ? [addresseeKeys, senderKeys] : [senderKeys, addresseeKeys];
    const person = readPerson(call, first, flags);
    const event = lowerWordOf(call.event) ?? 'unknown';
    // Who is called where nobody says who calls: whichever end is there.
    return { calledBy, event, person: isNobody(person) && calledBy === 'unknown' ? readPerson(call, second, flags) : person };
  });

/** One element of `statuses[]` that is about a call of ours: it rings, was taken or refused. */
export const callStatusEvents = (change: Change, status: Json, path: string): readonly Normalized[] =>
  reported(change, status, path, (flags) => ({
    calledBy: 'business',
    event: lowerWordOf(status.status) ?? 'unknown',
    person: readPerson(status, recipientKeys, flags),
  }));

/** By the direction; where that is left out, by which end is our number. */
function callerOf({ direction, from, to }: Json, displayNumber: string | undefined): CallReported['calledBy'] {
  const said = lowerWordOf(direction);
  if (said === 'user_initiated') return 'person';
  if (said === 'business_initiated') return 'business';
  if (isOneNumber(digitsOf(from), displayNumber)) return 'business';
  return isOneNumber(digitsOf(to), displayNumber) ? 'person' : 'unknown';
}

function reported(change: Change, json: Json, path: string, read: (flags: Flags) => Said): readonly Normalized[] {
  if (!isOwned(change)) return [unrecognized(change, 'own_ids_missing', path, json)];
  const flags: Flags = new Set();
  const callId = readWamid(json.id, flags);
  if (!callId) return [unrecognized(change, 'call_id_missing', path, json)];
  const { person: named, ...said } = read(flags);
  const entry = change.contacts.find(named);
  const person = lend(named, entry);
  const id = eventId('call.reported', change.phoneNumberId, callId.raw, said.event);
  const parts = partsOf(json, entry, flags);
  const event: CallReported = {
    ...envelope(change, { id, path, timestamp: json.timestamp, person, flags }),
    type: 'call.reported',
    callId: callId.shown,
    ...said,
    ...parts,
  };
  return [aboutPerson(event, person)];
}

const partsOf = (json: Json, entry: ContactEntry | undefined, flags: Flags) =>
  present({
    outcome: json.event === undefined ? undefined : lowerWordOf(json.status),
    durationSeconds: secondsOf(json.duration),
    errorCodes: errorCodesOf(json.errors),
    identityKeyHash: readHash(entry?.keyHash, flags),
    profileName: entry?.profileName,
    username: entry?.username,
  });

function secondsOf(duration: unknown): number | undefined {
  const seconds = wholeOf(duration);
  return seconds === undefined || seconds < 0 ? undefined : seconds;
}
