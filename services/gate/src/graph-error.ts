import { AppError, errorCodes } from '@keyturn/contracts';
import { explain, type GateDecision } from '@keyturn/domain';
import { sentNothing } from './platform.ts';

/** An error as the platform words them, so that its clients read it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes, read 2026-05). Codes from 990000 on are the gate's. */
export type GraphRefusal = { readonly status: number; readonly error: Record<string, unknown> };

const DENIED = 990_001;
const NOT_NOW = 990_002;
const UNAUTHENTICATED = 990_003;
const FORBIDDEN = 990_004;
const UNREACHABLE = 990_005;
const PASSES_NOT = 990_006;
const FAILED = 990_007;
const NO_TOKEN = 990_008;
/** The platform's own code of a bearer that is no good. */
const BAD_TOKEN = 190;
/** The platform's own code of a parameter that is wrong. */
const INVALID_PARAMETER = 100;

/** Each of these ends by itself in seconds. */
const passing: readonly string[] = ['state_unreadable', 'state_not_current', 'contact_changing'];

const refusal = (status: number, code: number, type: string, message: string, data: Record<string, unknown> = {}): GraphRefusal => ({
  status,
  error: { message, type, code, error_data: { messaging_product: 'whatsapp', ...data } },
});

/** Why a send is denied, with all reasons under `error_data.keyturn`. 503 where nothing but time is missing, else 403. */
export function denial({ reasons, contactId }: Pick<GateDecision, 'reasons' | 'contactId'>): GraphRefusal {
  const soon = reasons.every((code) => passing.includes(code));
  const explained = reasons.map(explain);
  const details = explained.map(({ code, message, wayOut }) => `${code}: ${message.en} ${wayOut.en}`).join(' ');
  const message = `(#${soon ? NOT_NOW : DENIED}) Not sent: ${reasons.join(', ')}.`;
  return refusal(soon ? 503 : 403, soon ? NOT_NOW : DENIED, 'KeyturnDenied', message, {
    details,
    keyturn: { reasons: explained, contactId },
  });
}

/** A body that the platform would not take either, in its own words. */
export const invalidParameter = (details: string): GraphRefusal =>
  refusal(400, INVALID_PARAMETER, 'OAuthException', '(#100) Invalid parameter', { details });

/** The platform can't be reached, or does not answer. `nothingSent` false: whether the message went out is not known. */
const unreachable = (details: string, nothingSent: boolean): GraphRefusal =>
  refusal(502, UNREACHABLE, 'KeyturnException', `(#${UNREACHABLE}) The platform did not answer.`, { details, keyturn: { nothingSent } });

/** A call that is neither a message nor to be passed on. */
export const passesNot = (): GraphRefusal =>
  refusal(404, PASSES_NOT, 'KeyturnException', `(#${PASSES_NOT}) The gate passes no such call on.`, {
    details: 'It passes messages and marketing_messages. GATE_OTHER_PATHS=pass lets other calls through as they are.',
  });

const noToken = (details: string): GraphRefusal =>
  refusal(403, NO_TOKEN, 'KeyturnException', `(#${NO_TOKEN}) The gate holds no token for this number.`, { details });

/** As the platform answers a token that it does not know: the caller's key takes the token's place. */
const badBearer = (details: string): GraphRefusal =>
  refusal(401, BAD_TOKEN, 'OAuthException', 'Invalid OAuth access token - Cannot parse access token', {
    details: `${details} Or send the platform’s token as bearer, and the key as X-Keyturn-Key.`,
    keyturn: { code: 'request.unauthenticated' },
  });

/** Any other failure, by our own word for it. */
export function graphRefusalOf(error: unknown): GraphRefusal {
  if (!(error instanceof AppError))
    return refusal(500, FAILED, 'KeyturnException', `(#${FAILED}) Something failed in the gate. It was logged.`);
  if (error.code === 'graph.unavailable') return unreachable(error.message, sentNothing(error));
  if (error.code === 'platform_token.not_found') return noToken(error.message);
  if (error.code === 'request.unauthenticated' && error.detail.by === 'bearer') return badBearer(error.message);
  const { status } = errorCodes[error.code];
  const code = status === 401 ? UNAUTHENTICATED : status === 403 ? FORBIDDEN : status < 500 ? INVALID_PARAMETER : NOT_NOW;
  return refusal(status, code, status < 500 ? 'OAuthException' : 'KeyturnException', `(#${code}) ${error.message}`, {
    details: error.message,
    keyturn: { code: error.code },
  });
}
