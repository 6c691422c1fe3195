import type { CookieOptions, Request, Response } from 'express';
import type { AccessSettings } from './settings.ts';

type Named = 'keyturn_session' | 'keyturn_login' | 'keyturn_browser';
type Where = Pick<AccessSettings, 'origin'>;

/** Over HTTPS the browser itself sees to it that no other host and no plain HTTP ever sets or gets the cookie. */
const isHttps = ({ origin }: Where): boolean => origin?.startsWith('https:') === true;
const nameOf = (where: Where, name: Named): string => (isHttps(where) ? `__Host-${name}` : name);
const optionsOf = (where: Where): CookieOptions => ({ httpOnly: true, sameSite: 'lax', secure: isHttps(where), path: '/' });

/** The value of a cookie of ours; undefined: the browser sent none. */
export function cookieOf(req: Request, where: Where, name: Named): string | undefined {
  const begin = `${nameOf(where, name)}=`;
  const pairs = (req.get('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(begin))?.slice(begin.length) || undefined;
}

/** Has the browser keep a cookie that no script reads and no other site sends along, but for a link that somebody follows. */
export function keepCookie(res: Response, where: Where, name: Named, { value, expiresAt }: { value: string; expiresAt: Date }): void {
  res.cookie(nameOf(where, name), value, { ...optionsOf(where), expires: expiresAt });
}

/** Has the browser forget it. */
export function dropCookie(res: Response, where: Where, name: Named): void {
  res.clearCookie(nameOf(where, name), optionsOf(where));
}
