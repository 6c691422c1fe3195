import { randomInt } from 'node:crypto';
import type { Response } from 'express';
import { graphError } from './graph-error.ts';

/** The handshake with which the platform tries a callback before it takes it. */
export async function verifyCallback(uri: string, verifyToken: string | undefined): Promise<boolean> {
  const challenge = String(randomInt(1e9));
  const url = URL.parse(uri);
  if (url === null || verifyToken === undefined) return false;
  url.searchParams.set('hub.mode', 'subscribe');
  url.searchParams.set('hub.verify_token', verifyToken);
  url.searchParams.set('hub.challenge', challenge);
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
  return answer?.status === 200 && (await answer.text()) === challenge;
}

/** The answer where the callback did not pass. */
export const callbackRefused = (res: Response): void =>
  graphError(res, 400, { code: 2200, message: '(#2200) Callback verification failed with the following errors: HTTP Status Code = 403' });
