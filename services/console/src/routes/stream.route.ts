import { AppError } from '@keyturn/contracts';
import { backlogOfChanges, identityMoves } from '@keyturn/store';
import { type Request, type Response, Router } from 'express';
import { callerOf } from '../access/caller.ts';
import type { StreamEvent } from '../stream/watch-changes.ts';
import type { Deps } from './deps.ts';

/** How long one answer lasts. */
const STREAM_MS = 60_000;
/** So often it is asked whether whoever listens may still read. */
const CHECK_EVERY_MS = 3_000;
const STREAMS_MAX = 500;
/** As many pages as one person or program has open at a time, and some that are just going. */
const STREAMS_OF_ONE_MAX = 25;
/** More than these are not told again to somebody who comes back. */
const MISSED_MAX = 500;
/** Moves so many places before the last one that somebody saw may have been committed after it. */
const LATE_PLACES = 100n;

/** `GET /v1/stream`: 200 with server-sent events (`change`, `as-of`, `reset`), from `Last-Event-ID` on where the caller was here before, each at least once. It ends within
 *  seconds once the key, the session or the role is taken away; 401; 403 without scope `read`; 503 with too many streams, all in all or of this caller: nobody takes them from the others. */
export function streamRoute({
  pool,
  allow,
  stillMay,
  now,
  changes,
}: Pick<Deps, 'pool' | 'allow' | 'stillMay' | 'now' | 'changes'>): Router {
  const streams = new Map<string, number>();
  return Router().get('/v1/stream', allow('read'), async (req, res) => {
    const { actor } = callerOf(res).me;
    admit(streams, actor);
    res.once('close', () => count(streams, actor, -1));
    begin(res);
    const leave = changes.follow(
      (events) => write(res, events),
      () => res.end(),
    );
    const end = setTimeout(() => res.end(), STREAM_MS);
    const check = setInterval(async () => {
      if (!(await stillMay(req, 'read'))) res.end();
    }, CHECK_EVERY_MS);
    res.once('close', () => {
      leave();
      clearInterval(check);
      clearTimeout(end);
    });
    const last = lastEventIn(req);
    if (last !== null) write(res, await missed({ pool, now }, last));
  });
}

/** Counts one more. Throws `request.crowded_out` where that is one too many. */
function admit(streams: Map<string, number>, actor: string): void {
  const all = [...streams.values()].reduce((sum, some) => sum + some, 0);
  if (all >= STREAMS_MAX) throw new AppError('request.crowded_out', `${STREAMS_MAX} streams are open here. Come again in a while.`);
  if ((streams.get(actor) ?? 0) >= STREAMS_OF_ONE_MAX)
    throw new AppError(
      'request.crowded_out',
      `You have ${STREAMS_OF_ONE_MAX} streams open here. Close a page, or another program of this key.`,
    );
  count(streams, actor, 1);
}

function count(streams: Map<string, number>, actor: string, by: 1 | -1): void {
  const left = (streams.get(actor) ?? 0) + by;
  if (left === 0) streams.delete(actor);
  else streams.set(actor, left);
}

function begin(res: Response): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
  res.write('retry: 1000\n\n');
}

function write(res: Response, events: readonly StreamEvent[]): void {
  if (res.writableEnded) return;
  res.write(events.map(({ id, event, data }) => `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(''));
}

const lastEventIn = (req: Request): bigint | null => {
  const said = req.get('last-event-id') ?? '';
  return /^\d{1,18}$/.test(said) ? BigInt(said) : null;
};

/** What happened since somebody was here last; too much of it: that they are to read anew. */
async function missed({ pool, now }: Pick<Deps, 'pool' | 'now'>, last: bigint): Promise<StreamEvent[]> {
  const at = now().toISOString();
  const { moves, newest } = await identityMoves(pool, last > LATE_PLACES ? last - LATE_PLACES : 0n, MISSED_MAX);
  const { open } = await backlogOfChanges(pool);
  const asOf = {
    id: String(newest),
    event: moves.length === MISSED_MAX ? ('reset' as const) : ('as-of' as const),
    data: { at, openChanges: open },
  };
  if (asOf.event === 'reset') return [asOf];
  const changed = moves.map(({ place, contactId, version, status }): StreamEvent => {
    return { id: String(place), event: 'change', data: { contactId, version, status, openChanges: open } };
  });
  return [...changed, asOf];
}
