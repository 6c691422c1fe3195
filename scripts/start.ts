// usage: npm start   Runs all of keyturn in one process, with its own Kafka and PostgreSQL unless KAFKA_BROKERS or DATABASE_URL name others.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { firstAdminUrl } from '@keyturn/console';
import { buildPage } from '@keyturn/console/build-page';
import { AppError } from '@keyturn/contracts';
import { isEmbeddedError, unwritable } from '@keyturn/embedded';
import {
  adminEnv,
  adminRoutes,
  createApp,
  createLog,
  type Listening,
  listen,
  parseEnv,
  type Service,
  startTracing,
} from '@keyturn/runtime';
import { z } from 'zod';
import { type Parts, startParts } from './start/parts.ts';
import { banner, untilReady } from './start/ready.ts';
import { prepare, startServices, stopServices } from './start/services.ts';

const startedAt = performance.now();
const dir = path.resolve(process.env.KEYTURN_EMBEDDED_DIR || path.join(import.meta.dirname, '..', '.keyturn'));
const logFile = path.join(dir, 'keyturn.log');
const runFile = path.join(dir, 'run.json');
const say = (line: string) => console.log(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);

type Up = { parts: Parts; services: Service[]; admin: Listening; tracing: Awaited<ReturnType<typeof startTracing>> };

async function bringUp(signal: AbortSignal): Promise<Up> {
  const log = createLog('start'); // says now where nothing can be written
  const parts = await startParts(dir, process.env, say, signal);
  try {
    if (await buildPage()) say('The page was built');
    await prepare(parts.env);
    say('Schema and topics are up to date');
    const tracing = await startTracing(process.env, log);
    const services = await startServices(parts.env);
    const { ADMIN_PORT } = parseEnv(z.object(adminEnv), parts.env);
    const app = createApp({ log: createLog('admin', { level: 'warn' }), routes: [adminRoutes({ services })], traced: false });
    const admin = await listen(app, { port: ADMIN_PORT, variable: 'ADMIN_PORT' }).catch(async (error: unknown) => {
      await stopServices(services);
      throw error;
    });
    say(`Services run: ${services.map((service) => service.name).join(', ')}`);
    await untilReady(services, signal);
    return { parts, services, admin, tracing };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}

/** Where `npm run simulate` finds this instance. */
function writeRunFile({ parts, services }: Up): void {
  const urlOf = (name: string) => services.find((service) => service.name === name)?.url;
  const run = {
    ingressUrl: urlOf('ingress'),
    consoleUrl: urlOf('console'),
    brokers: parts.env.KAFKA_BROKERS,
    databaseUrl: parts.embedded.database ? parts.env.DATABASE_URL : undefined,
    prefix: parts.env.KAFKA_PREFIX ?? '',
  };
  writeFileSync(runFile, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}

const linkOf = ({ parts, services }: Up) => firstAdminUrl(parts.env, services.find(({ name }) => name === 'console')?.url ?? '');

async function takeDown({ parts, services, admin, tracing }: Up): Promise<void> {
  if (existsSync(runFile)) rmSync(runFile);
  await stopServices(services);
  await tracing.stop();
  await admin.close();
  await parts.stop();
}

/** Resolves with why it is time to stop, and the exit code that says so. */
function untilTold(up: Up, interrupted: Promise<void>): Promise<{ why: string; code: number }> {
  return Promise.race([
    interrupted.then(() => ({ why: 'Stopping', code: 0 })),
    up.parts.broke.then((why) => ({ why, code: 1 })),
    ...up.services.map(async (service) => {
      const error = await service.stopped;
      return { why: `${service.name} stopped: ${error?.message ?? 'nobody asked it to'}`, code: 1 };
    }),
  ]);
}

function makeDirectory(): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw unwritable(error, dir, 'KEYTURN_EMBEDDED_DIR');
  }
}

async function main(): Promise<number> {
  makeDirectory();
  process.env.LOG_FILE ??= logFile;
  const controller = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    let times = 0;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        controller.abort();
        resolve();
        times += 1;
        if (times > 2) process.exit(130);
      });
    }
  });
  say('keyturn starts');
  const up = await bringUp(controller.signal);
  writeRunFile(up);
  if (!controller.signal.aborted)
    console.log(banner(up.parts, up.services, { adminUrl: up.admin.url, logFile, firstAdmin: await linkOf(up) }));
  const { why, code } = await untilTold(up, interrupted);
  say(why);
  await takeDown(up);
  say('All stopped. npm start goes on where it was.');
  return code;
}

/** What to look at, where the error itself can't know. */
const wayOut: Partial<Record<string, string>> = {
  'kafka.unavailable':
    '. Check that KAFKA_BROKERS names brokers that this machine reaches, and KAFKA_TLS and KAFKA_SASL_… what they ask for.',
  'store.unavailable': '. Check that DATABASE_URL names a PostgreSQL that this machine reaches, with a user that may log in.',
};

process.exitCode = await main().catch((error: unknown) => {
  const named = error instanceof AppError || isEmbeddedError(error) || (error instanceof Error && error.name === 'AbortError');
  const hint = error instanceof AppError ? (wayOut[error.code] ?? '') : '';
  console.error(named ? `\nkeyturn could not start: ${(error as Error).message}${hint}` : error);
  return 1;
});
process.exit();
