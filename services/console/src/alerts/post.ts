import { type Posted, postOutward } from '@keyturn/runtime';
import type { AlertSettings } from './settings.ts';
import type { Ended } from './told.ts';

const ANSWER_BYTES_MAX = 500;
const RETRY_AFTER_MS_MAX = 3_600_000;
/** Statuses of 400 and more that speak of now, not of what was sent. */
const PASSING = new Set([408, 425, 429]);

/** Posts a message to a route's URL, and says how that ended. It goes where alerts may go, and nowhere that the URL's answer sends it. */
export async function postAlert(
  { privateOrigins, timeoutMs }: Pick<AlertSettings, 'privateOrigins' | 'timeoutMs'>,
  { url, body, headers = {} }: { readonly url: string; readonly body: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const posted = await postOutward({
    ...{ url, body, timeoutMs, answerBytesMax: ANSWER_BYTES_MAX },
    headers: { 'content-type': 'application/json', 'user-agent': 'keyturn', ...headers },
    isPrivateAllowed: privateOrigins.includes(new URL(url).origin),
  });
  return endedBy(posted);
}

function endedBy(posted: Posted): Ended {
  if (posted.kind !== 'answered')
    return { outcome: posted.kind, httpStatus: null, answer: null, result: 'failed', isUnsure: posted.wasSent === true };
  const { status, text = '', retryAfter } = posted;
  const known = { httpStatus: status, answer: printable(text), isUnsure: false };
  if (status >= 200 && status < 300) return { ...known, outcome: 'delivered', result: 'taken' };
  if (status >= 300 && status < 400) return { ...known, outcome: 'redirect', result: 'failed' };
  if (status >= 400 && status < 500 && !PASSING.has(status)) return { ...known, outcome: 'refused', result: 'refused' };
  const seconds = Number(retryAfter);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, RETRY_AFTER_MS_MAX) } : {};
  return { ...known, outcome: status === 429 ? 'throttled' : 'status', result: 'failed', ...wait };
}

/** What a route answered, as it may be kept and shown. */
export const printable = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, ANSWER_BYTES_MAX);
