import type { GroupParticipantChanged } from '@keyturn/contracts';
import { itemAs } from './account-event.ts';
import { envelope, isOwned } from './envelope.ts';
import { errorCodesOf } from './errors.ts';
import { contentId } from './event-id.ts';
import { addEach, type FieldItems, type ItemReader, type Step } from './items.ts';
import { aboutPerson } from './normalized.ts';
import type { Flags } from './payload/ids.ts';
import { type Json, listOf, objectOf, present, textOf, wordOf } from './payload/json.ts';
import { namedKeys, readPerson } from './payload/person.ts';
import { unrecognized } from './unrecognized.ts';

type ParticipantChange = GroupParticipantChanged['change'];
const participantLists: readonly (readonly [key: string, change: ParticipantChange])[] = [
  ['added_participants', 'added'],
  ['removed_participants', 'removed'],
  ['failed_participants', 'failed'],
];

/** Each change of a group, and each participant whom it names. A group is nobody: its participants are
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks, read 2026). */
export const groupItems: FieldItems = (steps, change, value, path) => {
  const from = steps.length;
  addEach(steps, change, value.groups, `${path}/groups`, groupChanged);
  for (const group of steps.slice(from)) addParticipants(steps, group);
};

const groupChanged = itemAs('group.changed', ['groupId', 'change'], (group) => ({
  groupId: textOf(group.group_id, 256),
  change: wordOf(group.type),
  requestId: textOf(group.request_id, 256),
  errorCodes: errorCodesOf(group.errors),
}));

function addParticipants(steps: Step[], { change, value, path }: Step): void {
  const group = objectOf(value);
  if (!group) return;
  for (const [key, how] of participantLists) addEach(steps, change, group[key], `${path}/${key}`, participantChanged(group, how));
  if (group.wa_id === undefined && group.user_id === undefined) return;
  steps.push({ change, value: group, path, read: participantChanged(group, asksFor(group)) });
}

/** A request names who asks beside the group itself. */
const asksFor = ({ type }: Json): ParticipantChange => (wordOf(type)?.includes('request') ? 'requested' : 'other');

const participantChanged =
  (group: Json, how: ParticipantChange): ItemReader =>
  (change, participant, path) => {
    const groupId = textOf(group.group_id, 256);
    if (!isOwned(change) || groupId === undefined) return [unrecognized(change, 'own_ids_missing', path, participant)];
    const flags: Flags = new Set();
    const person = readPerson(participant, namedKeys, flags);
    const groupChange = wordOf(group.type) ?? 'unknown';
    const said = { groupId, groupChange, how, at: group.timestamp, request: group.request_id, participant };
    const event: GroupParticipantChanged = {
      ...envelope(change, {
        id: contentId(change, 'group.participant_changed', said, path),
        path,
        timestamp: group.timestamp,
        person,
        flags,
      }),
      type: 'group.participant_changed',
      groupId,
      change: how,
      groupChange,
      ...present({ errorCodes: errorCodesOf(listOf(participant.errors)) }),
    };
    return [aboutPerson(event, person)];
  };
