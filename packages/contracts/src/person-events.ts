import { z } from 'zod';
import { ErrorCodes, envelope, GroupId, livePerson, Word } from './envelope.ts';
import { PersonIds, Wamid } from './ids.ts';
import { LegacyIdentity } from './message-events.ts';

/** The platform reports that a person now has another number, or another BSUID. The envelope's identifiers are the previous
 *  ones, else the current; a side that nobody can read is empty
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system, read 2026-05). */
export const NumberChanged = envelope.extend({
  type: z.literal('number.changed'),
  wamid: Wamid.optional(),
  variant: z.string().max(64),
  previous: PersonIds,
  current: PersonIds,
});
export type NumberChanged = z.infer<typeof NumberChanged>;

/** A legacy notice that a person's account was registered anew
 *  (https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components, legacy). */
export const IdentityChanged = envelope.extend({
  type: z.literal('identity.changed'),
  wamid: Wamid.optional(),
  variant: z.string().max(64),
  legacyIdentity: LegacyIdentity,
});
export type IdentityChanged = z.infer<typeof IdentityChanged>;

/** A person changed what they want to receive
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences, read 2026-05). */
export const PreferenceChanged = livePerson.extend({
  type: z.literal('preference.changed'),
  wamid: Wamid.optional(),
  category: z.string().max(64),
  /** `signup`: they asked for it on a page of the platform's
   *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/in-app-signup/, read 2026-07). Readers must take one that they don't
   *  know: more may come. */
  preference: z.enum(['stop', 'resume', 'signup']).meta({ open: true }),
  /** Which sign-up link of ours it was. */
  signupId: z.string().max(256).optional(),
});
export type PreferenceChanged = z.infer<typeof PreferenceChanged>;

/** A call began, rang, was taken or refused, or ended. One that the person makes opens the service window, as a message does
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/reference, read 2026). */
export const CallReported = livePerson.extend({
  type: z.literal('call.reported'),
  /** The call's id, which begins with `wacid.`; of the form of a message's. */
  callId: Wamid,
  /** Lower case: `connect`, `terminate`, `ringing`, `accepted`, `rejected`, … */
  event: z.string().max(64),
  /** Who called whom; `unknown` where it is not said. A ringing phone is the person's, so that call is ours. */
  calledBy: z.enum(['person', 'business', 'unknown']),
  /** How it ended, lower case: `completed`, `failed`, … */
  outcome: Word.optional(),
  durationSeconds: z.number().int().nonnegative().optional(),
  errorCodes: ErrorCodes.optional(),
  profileName: z.string().max(512).optional(),
  username: z.string().max(256).optional(),
});
export type CallReported = z.infer<typeof CallReported>;

/** The thread with a person went to another owner (an app, an agent of the platform), or was taken back. While another has it, their messages come as
 *  standby (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messaging-handovers, read 2026). */
export const ThreadHandedOver = envelope.extend({
  type: z.literal('thread.handed_over'),
  /** `control_passed`, `control_taken`, … */
  handover: Word,
  previousOwnerRole: Word.optional(),
  newOwnerRole: Word.optional(),
});
export type ThreadHandedOver = z.infer<typeof ThreadHandedOver>;

/** A person joined or left a group of ours, or could not. No opt-in, no window, no thread with us
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/groups/webhooks, read 2026). */
export const GroupParticipantChanged = envelope.extend({
  type: z.literal('group.participant_changed'),
  groupId: GroupId,
  change: z.enum(['added', 'removed', 'failed', 'requested', 'other']),
  /** As the platform names the whole: `group_participants_add`, … */
  groupChange: Word,
  errorCodes: ErrorCodes.optional(),
});
export type GroupParticipantChanged = z.infer<typeof GroupParticipantChanged>;

/** An entry of the business app's address book was added or removed: somebody's word about a third person, a claim. It never says who is who
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/smb_app_state_sync, read 2026). */
export const StateSynced = envelope.extend({
  type: z.literal('state.synced'),
  /** `contact`, … */
  kind: Word,
  /** `add`, `remove`, … */
  action: Word,
});
export type StateSynced = z.infer<typeof StateSynced>;
