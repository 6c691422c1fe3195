import { AppError } from '@keyturn/contracts';
import type { Request, RequestHandler } from 'express';
import { isSafe } from './is-safe.ts';
import { refuseForeign } from './same-origin.ts';
import type { AccessSettings } from './settings.ts';

type Where = Pick<AccessSettings, 'origin'>;

/** Whether what a browser sends could be read on its way: it has our page neither by the HTTPS of `CONSOLE_PUBLIC_URL` nor from this machine. */
export const isOverheard = (req: Pick<Request, 'get'>, { origin }: Where): boolean =>
  !isSafe(origin?.startsWith('https:') ? origin : `http://${req.get('host') ?? ''}`);

/** Lets on only what our own page sends, only where passwords are on, and only where nobody between can read them. */
export const beforeLogin =
  (settings: AccessSettings): RequestHandler =>
  (req, _res, next) => {
    refuseForeign(req, settings);
    if (!settings.local)
      throw new AppError('login.off', 'Passwords are off here (CONSOLE_LOCAL_ACCOUNTS). Sign in by your organisation’s login.');
    if (isOverheard(req, settings))
      throw new AppError(
        'login.off',
        'A password would travel in the clear: this page was opened over plain HTTP. Open it on the machine that it runs on (http://localhost), or have TLS end before the console and set CONSOLE_PUBLIC_URL to the https URL.',
        { detail: { reason: 'overheard' } },
      );
    next();
  };
