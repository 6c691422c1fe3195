import type { IncomingHttpHeaders } from 'node:http';
import type { PlatformCall } from './platform.ts';

/** What of a request goes on to the platform. */
export type Asked = { readonly method: string; readonly url: string; readonly headers: IncomingHttpHeaders };

/** The call that the platform gets; `bearer`: the token that is held, null where the caller brought one. A proof that the caller made is of the caller's token, so it
 *  is none of the one that is held. */
export function callFor(bearer: string | null, { method, url, headers }: Asked, more: Record<string, string> = {}): PlatformCall {
  if (bearer === null) return { method, path: url, headers: { ...passed(headers), ...more } };
  return { method, path: url.split('?', 1)[0] as string, headers: { ...passed(headers), ...more, authorization: bearer } };
}

/** What is between two neighbours alone, and what is for the gate and nobody behind it. */
const own = new Set([
  ...[
    'host',
    'connection',
    'keep-alive',
    'proxy-connection',
    'proxy-authorization',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
  ],
  ...[
    'content-length',
    'x-keyturn-key',
    'x-keyturn-category',
    'cookie',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'forwarded',
  ],
]);
function passed(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const on: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !own.has(name)) on[name] = value;
  }
  return on;
}
