import { AppError, type Scope } from '@keyturn/contracts';
import { requireScope } from '@keyturn/store';
import type { Request } from 'express';
import type { Identify } from './caller.ts';

/** Says whether whoever made a request may go on with it, as it is now; while that can't be asked, they may. */
export type StillMay = (req: Request, scope: Scope) => Promise<boolean>;

const REFUSALS = ['request.unauthenticated', 'request.forbidden'];

/** Asks anew by the key or session that came with the request. */
export const stillMayWith =
  (identify: Identify): StillMay =>
  async (req, scope) => {
    try {
      requireScope((await identify(req)).me, scope);
      return true;
    } catch (error) {
      return !(error instanceof AppError && REFUSALS.includes(error.code));
    }
  };
