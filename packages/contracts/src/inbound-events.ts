import { z } from 'zod';
import { MessageEchoed, MessageImported, MessageReceived, StatusReported } from './message-events.ts';
import {
  CallReported,
  GroupParticipantChanged,
  IdentityChanged,
  NumberChanged,
  PreferenceChanged,
  StateSynced,
  ThreadHandedOver,
} from './person-events.ts';

/** Everything on `whatsapp.inbound.v1`. */
export const InboundEvent = z.discriminatedUnion('type', [
  MessageReceived,
  StatusReported,
  MessageEchoed,
  MessageImported,
  NumberChanged,
  IdentityChanged,
  PreferenceChanged,
  CallReported,
  ThreadHandedOver,
  GroupParticipantChanged,
  StateSynced,
]);
export type InboundEvent = z.infer<typeof InboundEvent>;

/** What an item carries, so that a consumer skips the rest before it parses JSON; `status`: what became of a message of ours. A silenced event has
 *  none. */
export const Facet = z.enum(['hash', 'link', 'number', 'error', 'window', 'consent', 'status']);
export type Facet = z.infer<typeof Facet>;

/** Why the event is kept and decides nothing, not even who is who: `flagged`, as its time or its person cannot be; `claim`, as it tells of the past or
 *  of a third person. Null: it counts. Every consumer skips the others under this reason. */
export function silenceOf({ type, flags }: Pick<InboundEvent, 'type' | 'flags'>): 'flagged' | 'claim' | null {
  if (flags?.some((flag) => flag === 'time_impossible' || flag === 'person_missing')) return 'flagged';
  return type === 'message.imported' || type === 'state.synced' ? 'claim' : null;
}
