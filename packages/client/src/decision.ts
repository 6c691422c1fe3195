/** What a message is: a template's category, or `service` for a free-form one. */
export type Category = 'marketing' | 'utility' | 'authentication' | 'service';

/** A message that is to be sent. `to`: the number in any spelling; `recipient`: a BSUID. At least one of them. */
export type Send = {
  readonly phoneNumberId: string;
  readonly to?: string;
  readonly recipient?: string;
  readonly recipientType?: 'individual' | 'group';
  readonly category: Category;
  readonly template?: string;
};

/** A sentence in English and Arabic. */
type Wording = { readonly en: string; readonly ar: string };
/** Why not, and the way out. `code` is one of the gate's, or `gate_unavailable`: the gate gave no answer that can be read. A new release may have more. */
export type Reason = { readonly code: string; readonly message: Wording; readonly wayOut: Wording };

/** The answer to one send. `identityKeyHash` goes along as `recipient_identity_key_hash`, where it is not null. */
export type Decision = {
  readonly decision: 'allow' | 'deny';
  readonly reasons: readonly Reason[];
  /** What rules that are only tried out would have said. */
  readonly shadowed: readonly Reason[];
  /** Rules that nothing tells about yet. */
  readonly unanswered: readonly string[];
  readonly contactId: string | null;
  readonly identityKeyHash: string | null;
};

/** The decision where there is none: no. `why` is for people. */
export const noAnswer = (why: string): Decision => ({
  decision: 'deny',
  reasons: [
    {
      code: 'gate_unavailable',
      message: { en: `The gate gave no answer: ${why}.`, ar: 'لم تُجب البوابة.' },
      wayOut: {
        en: 'Ask again in some seconds; if it lasts, look at the gate.',
        ar: 'أعد السؤال بعد ثوانٍ، وإن استمر الأمر فافحص البوابة.',
      },
    },
  ],
  ...{ shadowed: [], unanswered: [], contactId: null, identityKeyHash: null },
});

/** A decision out of what the gate answered; null: it is none. An answer is `allow` only where it says so, and names no reason against it. */
export function readDecision(json: unknown): Decision | null {
  if (typeof json !== 'object' || json === null) return null;
  const { decision, reasons, shadowed, unanswered, contactId, identityKeyHash } = json as Partial<Decision>;
  if ((decision !== 'allow' && decision !== 'deny') || !Array.isArray(reasons)) return null;
  if (decision === 'allow' && reasons.length > 0) return null;
  if (identityKeyHash !== null && typeof identityKeyHash !== 'string') return null;
  return { decision, reasons, shadowed: shadowed ?? [], unanswered: unanswered ?? [], contactId: contactId ?? null, identityKeyHash };
}
