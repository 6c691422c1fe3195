import { setTimeout as pause } from 'node:timers/promises';
import type { AlertMessage } from '@keyturn/contracts';
import { backoffMs, type Log, metrics } from '@keyturn/runtime';
import {
  type AlertToDeliver,
  beginTest,
  type Database,
  listAlertRoutes,
  lookAtNextRule,
  readAlertRoute,
  reconcileOpenChanges,
  recordAlertDelivery,
  resealAlertRoute,
  routesToServe,
  type StoredAlertRoute,
  storeError,
  takeAlertToDeliver,
  upkeepAlerts,
} from '@keyturn/store';
import { startTurns } from '../start-turns.ts';
import { resealed, sendAlert } from './send-alert.ts';
import { ALERTS_KEPT_DAYS, type AlertSettings } from './settings.ts';
import type { Ended } from './told.ts';

const POLL_MS = 1_000;
const UPKEEP_MS = 300_000;
const RECONCILED_MAX = 1_000;
/** So much longer than an attempt may last may it take to record how it ended. */
const GRACE_MS = 2_000;
const STOP_TIMEOUT_MS = 5_000;

const deliveries = metrics.counter('keyturn_alert_deliveries_total', 'Attempts to bring an alert to a route.', ['route', 'outcome']);

type Options = {
  readonly pool: Database['pool'];
  readonly settings: AlertSettings;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: Log;
};

/** Looks by the rules and tells the routes, until stopped. Every process of the console does it, and no two the same: timers and deliveries are rows that one takes. What
 *  is not recorded as taken is sent again, so it comes at least once. A route that fails holds up no other. */
export function startAlerts(options: Options): { stop(): Promise<void> } {
  const { settings, log } = options;
  const serving = new Map<string, Promise<void>>();
  const pollMs = Math.min(POLL_MS, settings.lookMs);
  let upkeepAt = 0;
  const turn = async (stopping: AbortSignal) => {
    if (performance.now() >= upkeepAt) {
      await upkeep(options);
      upkeepAt = performance.now() + UPKEEP_MS;
    }
    while (!stopping.aborted && (await lookAtNextRule({ ...options, lookMs: settings.lookMs })));
    for (const route of await routesToServe(options.pool, options.now())) {
      if (serving.has(route)) continue;
      const served = serve(options, route, stopping).finally(() => serving.delete(route));
      serving.set(route, served);
    }
    return pollMs;
  };
  const turns = startTurns({ turn, waits: 'alerts wait', firstMs: POLL_MS, log });
  return {
    async stop() {
      await turns.stop();
      await Promise.race([Promise.all(serving.values()), pause(STOP_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
}

/** Also has what an older key sealed be sealed by the current one, so that the older one can go. */
async function upkeep({ pool, settings, now, log }: Options): Promise<void> {
  while ((await reconcileOpenChanges({ pool, now }, RECONCILED_MAX)) >= RECONCILED_MAX);
  for (const route of await listAlertRoutes(pool)) {
    const sealed = resealed(settings.sealer, route.name, route.sealed);
    if (sealed !== null) await resealAlertRoute(pool, route, sealed);
  }
  const givenUp = await upkeepAlerts(pool, now(), ALERTS_KEPT_DAYS);
  if (givenUp > 0) log.warn({ given_up: givenUp }, 'alerts that no route took for a day are given up');
}

/** One message after the other, until there is none, or one fails. */
async function serve(options: Options, name: string, signal: AbortSignal): Promise<void> {
  const { pool, settings, now, log } = options;
  try {
    const route = await readAlertRoute(pool, name);
    while (!signal.aborted) {
      const at = now();
      const deadAt = new Date(at.getTime() + settings.timeoutMs + GRACE_MS);
      const toDeliver = await takeAlertToDeliver(pool, name, { at, deadAt, repeatable: route.route.kind === 'pagerduty' });
      if (toDeliver === null || (await deliverAlert(options, route, toDeliver, at)).result === 'failed') return;
    }
  } catch (error) {
    log.warn({ route: name, error: String(storeError(error)) }, 'how an alert was taken is not on record: it will be sent again');
  }
}

/** Sends a test to a route, once, and answers the id of its delivery once it is on record how that ended. */
export async function sendTestAlert(options: Options, route: StoredAlertRoute, message: AlertMessage): Promise<string> {
  const { pool, settings, now, newId } = options;
  const at = now();
  const deadAt = new Date(at.getTime() + settings.timeoutMs + GRACE_MS);
  const toDeliver = await beginTest(pool, { route: route.name, message, deliveryId: newId(), at, deadAt });
  await deliverAlert({ ...options, once: true }, route, toDeliver, at);
  return toDeliver.deliveryId;
}

/** Sends one message to its route, and records how that ended; `once`: whatever comes of it, it is not sent again. Throws where that can't be recorded. */
async function deliverAlert(
  { pool, settings, now, log, once = false }: Options & { readonly once?: boolean },
  route: StoredAlertRoute,
  toDeliver: AlertToDeliver,
  startedAt: Date,
): Promise<Ended> {
  const ended = await sendAlert(settings, route, toDeliver, startedAt);
  const endedAt = now();
  const waitMs = Math.max(backoffMs(toDeliver.attempt - 1, settings.retry), ended.retryAfterMs ?? 0);
  const { outcome, httpStatus, answer, result, isUnsure } = ended;
  deliveries.inc({ route: route.name, outcome });
  await recordAlertDelivery(pool, toDeliver, {
    ...{ outcome, httpStatus, answer, isUnsure, endedAt, isTaken: result === 'taken' },
    nextAttemptAt: result === 'failed' && !once ? new Date(endedAt.getTime() + waitMs) : null,
  });
  const line = {
    route: route.name,
    alert: toDeliver.alertId,
    message: toDeliver.message.message,
    attempt: toDeliver.attempt,
    outcome,
    httpStatus,
  };
  log[outcome === 'delivered' ? 'info' : 'warn']({ ...line, duration_ms: endedAt.getTime() - startedAt.getTime() }, 'alert');
  return ended;
}
