import { z } from 'zod';
import { redacted } from './redacted.ts';

/** Why the platform refused a request, as far as it said. Decide on `code`; all else is for people
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). */
export type GraphRefusal = {
  readonly httpStatus: number;
  /** Null: it gave none that can be read. */
  readonly code: number | null;
  readonly subcode: number | null;
  readonly type: string | null;
  readonly message: string;
  readonly details: string | null;
  /** What the platform's support asks for. */
  readonly fbtraceId: string | null;
};

/** What came back: done, refused by the platform for good (also in part: then `body` says for which), or, in both, JSON that nobody has checked yet. */
export type GraphAnswer =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly refusal: GraphRefusal; readonly body: unknown };

/** What is over by itself: too many calls, or a platform that does not work. */
export type GraphTrouble = { readonly kind: 'throttled' | 'unavailable'; readonly refusal: GraphRefusal };

const code = z.coerce.number().int();
const text = z.string().max(10_000);
const GraphError = z.looseObject({
  message: text.optional().catch(undefined),
  type: text.optional().catch(undefined),
  code: code.optional().catch(undefined),
  error_subcode: code.optional().catch(undefined),
  is_transient: z.boolean().optional().catch(undefined),
  error_user_msg: text.optional().catch(undefined),
  error_data: z
    .union([z.looseObject({ details: text.optional().catch(undefined) }), text])
    .optional()
    .catch(undefined),
  fbtrace_id: text.optional().catch(undefined),
});
const ErrorBody = z.looseObject({ error: GraphError });

/** Application, user, page, custom and WABA limits; throughput; spam; a pair of numbers. */
const THROTTLED = new Set([4, 17, 32, 613, 80_007, 80_008, 130_429, 131_048, 131_056]);
/** Unknown, service, and messaging's own: all are to be tried again. */
const TRANSIENT = new Set([1, 2, 131_000, 131_016, 131_057]);

/** What an answer means. An error counts whatever the status is; a success that is no JSON is none. */
export function readGraphAnswer(httpStatus: number, raw: string, secrets: readonly string[]): GraphAnswer | GraphTrouble {
  const body = jsonOf(raw);
  const error = ErrorBody.safeParse(body).data?.error;
  if (error === undefined && httpStatus < 300 && body !== undefined) return { kind: 'ok', body };
  const refusal = refusalOf(httpStatus, error, secrets);
  if (httpStatus === 429 || THROTTLED.has(refusal.code ?? 0)) return { kind: 'throttled', refusal };
  const transient = error?.is_transient ?? TRANSIENT.has(refusal.code ?? 0);
  if (transient || error === undefined || httpStatus >= 500) return { kind: 'unavailable', refusal };
  return { kind: 'refused', refusal, body };
}

function refusalOf(httpStatus: number, error: z.infer<typeof GraphError> | undefined, secrets: readonly string[]): GraphRefusal {
  const shown = (words: string | undefined) => (words === undefined ? null : redacted(words, secrets));
  const data = error?.error_data;
  return {
    httpStatus,
    code: error?.code ?? null,
    subcode: error?.error_subcode ?? null,
    type: error?.type ?? null,
    message: shown(error?.message) ?? `it answered ${httpStatus} without saying why`,
    details: shown(typeof data === 'string' ? data : (data?.details ?? error?.error_user_msg)),
    fbtraceId: error?.fbtrace_id ?? null,
  };
}

function jsonOf(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
