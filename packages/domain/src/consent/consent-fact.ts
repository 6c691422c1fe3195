import {
  type CallReported,
  ConsentCategory,
  type ConsentFact,
  type MessageReceived,
  type PreferenceChanged,
  type StatusReported,
  silenceOf,
} from '@keyturn/contracts';
import { isPersonsCall } from '../contact/persons-call.ts';
import type { Resolved } from '../slice.ts';
import { notThread } from './customer-thread.ts';

/** The person stopped marketing messages, told by a failed send
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-11). */
export const MARKETING_STOPPED = 131050;

/** What an event says about consent, as a ledger row, or why it says nothing. The categories of a thread are the slice's to name. */
export function consentFactOf(input: Resolved): ConsentFact | { readonly nothing: string } {
  const silence = silenceOf(input);
  if (silence) return { nothing: silence };
  switch (input.type) {
    case 'message.received':
      return saidByMessage(input);
    case 'preference.changed':
      return saidByPreference(input);
    case 'status.reported':
      return saidByStatus(input);
    case 'call.reported':
      return saidByCall(input);
    default:
      return { nothing: 'no_consent_signal' };
  }
}

/** A wish to hear no more is a stop wherever it stands, in a reply too, and never also an opt-in (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/user_preferences, read 2026-05). */
function saidByMessage(message: Resolved<MessageReceived>): ConsentFact | { nothing: string } {
  const { referral, optOut, wamid, messageType, occurredAt, source } = message;
  const evidence = { wamid, messageType, ...source };
  if (optOut && messageType !== 'system') {
    return { kind: 'stop', categories: ['marketing'], source: 'opt_out_message', evidence: { ...evidence, optOut }, occurredAt };
  }
  const nothing = notThread(message);
  if (nothing) return { nothing };
  const by = referral?.sourceType === 'ad' ? 'ad' : 'customer_thread';
  return { kind: 'thread', categories: [], source: by, evidence: { ...evidence, ...(referral ? { referral } : {}) }, occurredAt };
}

/** A stop of a category that nobody knows stops marketing; a resumption of one, or a sign-up for one, is none. */
function saidByPreference(changed: PreferenceChanged): ConsentFact | { nothing: string } {
  const { category: named, preference, wamid, signupId, occurredAt, source } = changed;
  const known = ConsentCategory.safeParse(named.replace(/_messages$/, ''));
  if (!known.success && preference !== 'stop') return { nothing: 'category_unknown' };
  return {
    kind: preference === 'stop' ? 'stop' : 'explicit',
    categories: [known.data ?? 'marketing'],
    source: preference === 'signup' ? 'in_app_signup' : 'platform',
    evidence: {
      ...{ preference, category: named },
      ...(wamid === undefined ? {} : { wamid }),
      ...(signupId === undefined ? {} : { signupId }),
      ...source,
    },
    occurredAt,
  };
}

/** Whoever calls us has begun a thread, as whoever writes has. */
function saidByCall(call: Resolved<CallReported>): ConsentFact | { nothing: string } {
  if (!isPersonsCall(call)) return { nothing: 'not_customer_initiated' };
  const { callId, occurredAt, source } = call;
  return { kind: 'thread', categories: [], source: 'customer_thread', evidence: { callId, ...source }, occurredAt };
}

function saidByStatus({ subject, errorCodes, wamid, status, occurredAt, source }: StatusReported): ConsentFact | { nothing: string } {
  if (subject !== 'delivery' || !errorCodes?.includes(MARKETING_STOPPED)) return { nothing: 'no_consent_signal' };
  const evidence = { wamid, status, errorCode: MARKETING_STOPPED, ...source };
  return { kind: 'stop', categories: ['marketing'], source: 'platform', evidence, occurredAt };
}
