import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedKafka, type EmbeddedPostgres, resetEmbedded, startEmbeddedKafka, startEmbeddedPostgres } from '@keyturn/embedded';
import { PARTS } from './parts.ts';
import { keepLogs } from './run-logs.ts';

/** What the global teardown stops. It runs in the same process as the setup, but not in the same module graph. */
export type StartedParts = { dir: string; kafka: EmbeddedKafka | undefined; postgres: EmbeddedPostgres | undefined };

declare global {
  var keyturnTestParts: StartedParts | undefined;
}

const DIR_PREFIX = 'keyturn-test-';
const say = (line: string) => console.error(`  ${line}`);

/** One Kafka and one PostgreSQL for the whole run, unless the environment names some. Tests may lose their data, so nothing is flushed. */
export default async function globalSetup(): Promise<void> {
  if (globalThis.keyturnTestParts || (process.env[PARTS.brokers] && process.env[PARTS.databaseUrl])) return;
  await removeAbandoned();
  const dir = mkdtempSync(path.join(tmpdir(), `${DIR_PREFIX}${process.pid}-`));
  chmodSync(dir, 0o711); // as root, PostgreSQL runs under another account
  const parts: StartedParts = { dir, kafka: undefined, postgres: undefined };
  globalThis.keyturnTestParts = parts;
  const started = await Promise.allSettled([startKafka(parts), startPostgres(parts)]);
  const failed = started.find((result) => result.status === 'rejected');
  if (!failed) return;
  await stopParts(parts);
  throw failed.reason;
}

async function startKafka(parts: StartedParts): Promise<void> {
  if (process.env[PARTS.brokers]) return;
  const overrides = { 'log.flush.interval.messages': Number.MAX_SAFE_INTEGER };
  parts.kafka = await startEmbeddedKafka({ dir: parts.dir, say, overrides });
  process.env[PARTS.brokers] = parts.kafka.brokers.join(',');
}

async function startPostgres(parts: StartedParts): Promise<void> {
  if (process.env[PARTS.databaseUrl]) return;
  parts.postgres = await startEmbeddedPostgres({ dir: parts.dir, say, settings: { fsync: 'off' } });
  process.env[PARTS.databaseUrl] = parts.postgres.url;
}

/** Stops what the setup started and removes its data. */
export async function stopParts({ dir, kafka, postgres }: StartedParts): Promise<void> {
  await Promise.all([kafka?.stop(), postgres?.stop()]);
  keepLogs(dir);
  await resetEmbedded(dir, say);
}

/** A run that was killed leaves its directory; the process that its name holds is gone. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(DIR_PREFIX) ? Number.parseInt(name.slice(DIR_PREFIX.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isRunning(pid)) await resetEmbedded(path.join(tmpdir(), name), say);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
