import { setFlagsFromString } from 'node:v8';
import { AppError } from '@keyturn/contracts';
import { z } from 'zod';
import { parseEnv } from './env/parse-env.ts';
import { adminEnv } from './env/shapes.ts';
import { adminRoutes } from './http/admin-routes.ts';
import { createApp } from './http/create-app.ts';
import { type Listening, listen } from './http/listen.ts';
import { createLog, type Log } from './log.ts';
import { metrics } from './metrics.ts';
import type { Service, Start } from './service.ts';
import { startTracing } from './trace/start-tracing.ts';

const stoppedByError = metrics.gauge('keyturn_service_stopped', '1: stopped because of an error, and waits for a human.', ['service']);
const starting = { name: 'service', notReady: async () => ['is starting'] };

/** One line that says what is wrong; an error that nobody named brings its stack. */
function logFailure(log: Log, error: unknown): void {
  if (error instanceof AppError) log.fatal({ code: error.code }, error.message);
  else log.fatal({ err: error }, 'the service failed');
}

function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });
}

async function stopWithin(timeoutMs: number, log: Log, stop: () => Promise<void>): Promise<void> {
  const deadline = setTimeout(() => {
    log.error({ timeout_ms: timeoutMs }, 'the stop took too long and was broken off; nothing confirmed is lost');
    process.exit(1);
  }, timeoutMs);
  await stop();
  clearTimeout(deadline);
}

/** What V8 guesses to live long it makes among the old. Of what a request or a batch needs that guess is wrong, and what lies there dead keeps alive,
 *  until the next full collection, all that it points to: at the gate a fifth of all that was made was copied twice for nothing. */
function keepYoungWhatIsMade(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

async function run(start: Start, log: Log): Promise<void> {
  const env = parseEnv(z.object(adminEnv), process.env);
  const services: Pick<Service, 'name' | 'notReady'>[] = [starting];
  const admin: Listening = await listen(
    createApp({ log: log.child({}, { level: 'warn' }), routes: [adminRoutes({ services })], traced: false }),
    {
      port: env.ADMIN_PORT,
      variable: 'ADMIN_PORT',
    },
  );
  const signalled = nextSignal();
  const tracing = await startTracing(process.env, log);
  const up = await start(process.env);
  services.splice(0, 1, up);
  stoppedByError.set({ service: up.name }, 0);
  log.info({ name: up.name, url: up.url, admin: admin.url }, 'started');
  // One that stopped by itself waits, not ready, for the human it paged: starting again would only run into the same thing.
  void up.stopped.then((error) => {
    if (!error) return;
    stoppedByError.set({ service: up.name }, 1);
    process.exitCode = 1;
    logFailure(log, error);
  });
  const signal = await signalled;
  log.info({ signal }, 'stopping');
  await stopWithin(env.SHUTDOWN_TIMEOUT_MS, log, async () => {
    await up.stop();
    await tracing.stop();
    await admin.close();
  });
  log.info('stopped');
}

/** Runs one service as this process: health, readiness and metrics on `ADMIN_PORT` from the first moment, a clean stop within
 *  `SHUTDOWN_TIMEOUT_MS` on SIGINT or SIGTERM. A start that fails ends with one line and exit code 1. */
export async function runService(start: Start): Promise<void> {
  keepYoungWhatIsMade();
  const log = createLog('keyturn');
  try {
    await run(start, log);
    process.exit();
  } catch (error) {
    logFailure(log, error);
    process.exit(1);
  }
}
