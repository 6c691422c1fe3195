import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import { backoffMs, type Log, metrics } from '@keyturn/runtime';
import {
  type Database,
  expireVerifications,
  readVerificationRules,
  recordDelivery,
  settleDueVerifications,
  storeError,
  type ToDeliver,
  takeToDeliver,
  undoDelivery,
} from '@keyturn/store';
import { startTurns } from '../start-turns.ts';
import { type Lane, lanes } from './lanes.ts';
import type { Failure } from './send-request.ts';
import type { VerificationSettings } from './settings.ts';

/** How often it is looked at the longest, and no more rarely than whoever failed is to be asked again. */
const POLL_MS = 1_000;
/** So much longer than an attempt may last may it take to record how it ended. */
const GRACE_MS = 2_000;
const STOP_TIMEOUT_MS = 5_000;

const deliveries = metrics.counter('keyturn_verification_deliveries_total', 'Attempts to bring a request to the business.', [
  'endpoint',
  'outcome',
]);

type Options = {
  readonly pool: Database['pool'];
  /** Null: nobody is asked, and only what is to be followed is cleared away. */
  readonly settings: VerificationSettings | null;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
};
/** Follows changes of who answers, and brings to the business what its rules ask, until stopped. Every process of the console does it, and no two the
 *  same. What is not recorded as delivered is sent again under the same id, so it comes at least once; while the database is away nothing is sent. */
export function startDispatch(options: Options): { stop(): Promise<void> } {
  const { settings, log } = options;
  const pollMs = Math.min(POLL_MS, settings?.retry.firstMs ?? POLL_MS);
  const ways = settings === null ? null : lanes(settings);
  const underWay = new Set<Promise<void>>();
  const sending = (sent: Promise<void>) => follow(underWay, sent, () => turns.wake());
  const turns = startTurns({
    turn: async () => ((await turn(options, ways?.of ?? (() => []), sending)) ? 0 : pollMs),
    ...{ waits: 'what the business is to be asked waits', firstMs: POLL_MS, log },
  });
  return {
    async stop() {
      await turns.stop();
      await Promise.race([Promise.all(underWay), pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
      ways?.stop();
    },
  };
}

function follow(underWay: Set<Promise<void>>, sent: Promise<void>, then: () => void): void {
  const done = sent.finally(() => {
    underWay.delete(done);
    then();
  });
  underWay.add(done);
}

/** One look at all there is to do; answers whether there may be more at once. */
async function turn(options: Options, lanesOf: ReturnType<typeof lanes>['of'], sending: (sent: Promise<void>) => void): Promise<boolean> {
  const { pool, settings, now } = options;
  const settled = await settleDueVerifications(options);
  const expired = await expireVerifications(pool, now());
  if (settings === null) return settled > 0;
  const { endpoints } = await readVerificationRules(pool);
  for (const lane of lanesOf(endpoints)) {
    const room = lane.room();
    if (room === 0) continue;
    const at = now();
    const requests = await takeToDeliver(pool, lane.endpoint.name, room, at, new Date(at.getTime() + settings.timeoutMs + GRACE_MS));
    for (const request of requests) sending(deliver(options, settings, lane, request));
  }
  return settled + expired > 0;
}

async function deliver({ pool, now, log }: Options, { retry }: VerificationSettings, lane: Lane, request: ToDeliver): Promise<void> {
  const startedAt = now();
  const { requestId, attempt } = request;
  const line = { request: requestId, endpoint: lane.endpoint.name, attempt };
  try {
    const httpStatus = await lane.send(request, startedAt).catch(failureOf);
    if (httpStatus === 'held') return await undoDelivery(pool, request, new Date(startedAt.getTime() + retry.firstMs));
    const endedAt = now();
    const failure = typeof httpStatus === 'number' ? null : httpStatus;
    const how = failure ?? { outcome: 'delivered', httpStatus: httpStatus as number };
    const nextAttemptAt = failure === null ? null : new Date(endedAt.getTime() + backoffMs(attempt - 1, retry));
    deliveries.inc({ endpoint: lane.endpoint.name, outcome: how.outcome });
    await recordDelivery(pool, request, { ...how, endedAt, nextAttemptAt });
    log[failure === null ? 'info' : 'warn'](
      { ...line, ...how, duration_ms: endedAt.getTime() - startedAt.getTime() },
      'verification request',
    );
  } catch (error) {
    log.warn({ ...line, error: String(storeError(error)) }, 'how a verification request ended is not on record: it will be sent again');
  }
}

function failureOf(error: unknown): Failure | 'held' {
  if (!(error instanceof AppError) || error.code !== 'verification.undelivered') throw error;
  return error.detail.held === true ? 'held' : (error.detail as Failure);
}
