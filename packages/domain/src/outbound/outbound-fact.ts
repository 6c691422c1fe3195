import { type InboundEvent, silenceOf } from '@keyturn/contracts';
import { type Carried, carriedBy, type Identifier } from '../directory/identifier.ts';
import { secondOf } from '../seconds.ts';

/** What one event says of a message of ours: to whom (as facts are kept, see `Carried`), how far it got, when (whole seconds). */
export type OutboundFact = {
  readonly as: Identifier;
  readonly wamid: string;
  readonly rank: number;
  readonly at: number;
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly category: string | null;
  /** By which way it went out, as far as that shows: by an interface of the platform, by hand in the business app, or by another owner of the thread. */
  readonly source: 'api' | 'business_app' | 'standby' | 'unknown';
  /** The platform could not bring it: no WhatsApp there, or an old one. A suspicion, no proof
   *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
  readonly undeliverable: boolean;
};

/** When nothing that the gate sent is still unknown to us: a message that it has not named by then went past it. */
export const UNGATED_AFTER_SECONDS = 60;

/** How far a message got. Statuses come in any order and more than once: a message is as far as the highest of them, never as the last that came. */
export const outboundRanks = { failed: 0, sent: 1, delivered: 2, read: 3, played: 3 } as const;

const UNDELIVERABLE = 131_026;

/** What an event says of a message of ours; null: nothing. A status of a payment is none of a delivery; what nobody knows says nothing of how far it
 *  got; what somebody wrote by hand in the business app went out too. An edit or a revocation is no other message. */
export function outboundFact(event: InboundEvent, namespace: string): OutboundFact | null {
  const rank = silenceOf(event) === null ? rankOf(event) : undefined;
  const carried: Carried | null = rank === undefined ? null : carriedBy(event, namespace);
  if (rank === undefined || carried === null || !('wamid' in event) || event.wamid === undefined) return null;
  const { wamid, wabaId, phoneNumberId } = event;
  const undeliverable =
    event.type === 'status.reported' && rank === outboundRanks.failed && (event.errorCodes ?? []).includes(UNDELIVERABLE);
  const category = ('pricingCategory' in event && event.pricingCategory) || null;
  return {
    as: carried[0],
    wamid,
    rank,
    at: secondOf(event.occurredAt),
    wabaId,
    phoneNumberId,
    category,
    source: sourceOf(event),
    undeliverable,
  };
}

function sourceOf(event: InboundEvent): OutboundFact['source'] {
  if ('standby' in event && event.standby) return 'standby';
  return event.type === 'message.echoed' ? event.sentFrom : 'api';
}

function rankOf(event: InboundEvent): number | undefined {
  if (event.type === 'message.echoed')
    return event.originalWamid === undefined && event.groupId === undefined ? outboundRanks.sent : undefined;
  if (event.type !== 'status.reported' || event.subject !== 'delivery') return undefined;
  return Object.hasOwn(outboundRanks, event.status) ? outboundRanks[event.status as keyof typeof outboundRanks] : undefined;
}
