import { AppError } from '@keyturn/contracts';
import type { RequestHandler } from 'express';
import { refuseForeign } from './same-origin.ts';
import type { AccessSettings } from './settings.ts';

/** Lets on only what our own page sends, and only where passwords are on: nobody signs another one in. */
export const beforeLogin =
  (settings: AccessSettings): RequestHandler =>
  (req, _res, next) => {
    refuseForeign(req, settings);
    if (settings.local) return next();
    throw new AppError('login.off', 'Passwords are off here (CONSOLE_LOCAL_ACCOUNTS). Sign in by your organisation’s login.');
  };
