import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { graphError } from './graph-error.ts';

/** How the platform fails. `reset` takes the request and breaks the connection before it is carried out, `reset_after` after; `slow` answers late. */
export type GraphFault = {
  readonly kind: 'slow' | 'internal' | 'not_json' | 'reset' | 'reset_after' | 'rate_limit';
  /** Which requests; default: all. */
  readonly of?: (req: { method: string; path: string }) => boolean;
  /** How many of them; default: all. */
  readonly times?: number;
  readonly delayMs?: number;
};

/** Lets requests fail as long as a fault is set. */
export function faults(): { readonly handler: RequestHandler; set(fault: GraphFault | null): void } {
  let set: { fault: GraphFault; left: number } | null = null;
  const handler: RequestHandler = async (req, res, next) => {
    const { fault, left } = set ?? {};
    const hit = fault !== undefined && (left ?? 0) > 0 && (fault.of?.(req) ?? true);
    if (!hit || set === null) return next();
    set.left -= 1;
    if (fault.kind === 'slow') await pause(fault.delayMs ?? 1_000, undefined, { ref: false });
    fail(fault, req, res, next);
  };
  return {
    handler,
    set(fault) {
      set = fault === null ? null : { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    },
  };
}

function fail({ kind }: GraphFault, req: Request, res: Response, next: () => void): void {
  switch (kind) {
    case 'reset':
      req.socket.resetAndDestroy();
      return;
    case 'not_json':
      res.status(502).type('html').send('<html>502 Bad Gateway</html>');
      return;
    case 'internal':
      graphError(res, 500, { code: 2, message: 'An unexpected error has occurred. Please retry your request later.', is_transient: true });
      return;
    case 'rate_limit':
      graphError(res, 400, { code: 80_007, error_subcode: 2_446_079, message: '(#80007) There have been too many calls to this account.' });
      return;
    case 'reset_after':
      res.json = () => {
        req.socket.resetAndDestroy();
        return res;
      };
      next();
      return;
    default:
      next();
  }
}
