import { AppError } from '@keyturn/contracts';
import type { Request } from 'express';
import type { AccessSettings } from './settings.ts';

const SAFE = ['GET', 'HEAD'];
/** Whether a request may change something. */
export const isUnsafe = ({ method }: Pick<Request, 'method'>): boolean => !SAFE.includes(method);

/** Throws `request.foreign` where a request that may change something was not made by our own page: a browser sends the cookie along for whomever, but
 *  this header and that Origin only our page can send. */
export function refuseForeign(req: Request, { origin }: Pick<AccessSettings, 'origin'>): void {
  if (!isUnsafe(req)) return;
  if (req.get('x-keyturn-request') === 'page' && isOurs(req, origin)) return;
  throw new AppError(
    'request.foreign',
    'What a browser sends with its session must come from the console’s own page: with the header X-Keyturn-Request: page, and the Origin of CONSOLE_PUBLIC_URL. A program sends an API key instead.',
    { detail: { reason: 'csrf_refused' } },
  );
}

function isOurs(req: Request, origin: string | null): boolean {
  const sent = req.get('origin');
  if (sent === undefined || !URL.canParse(sent)) return false;
  return origin?.startsWith('https:') ? sent === origin : new URL(sent).host === req.get('host');
}
