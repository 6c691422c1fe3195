import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedKafka, type EmbeddedPostgres, resetEmbedded, startEmbeddedKafka, startEmbeddedPostgres } from '@keyturn/embedded';
import { keepLogs } from '@keyturn/testkit';

const say = () => {};
/** Few, so that they can be exhausted. */
export const CONNECTIONS_MAX = 100;

/** A broker and a database of our own, since they are to be broken. What was acknowledged outlives their process, not a power cut. */
export type Parts = {
  readonly dir: string;
  readonly brokers: string[];
  readonly databaseUrl: string;
  /** Ended as by `kill -9`. */
  killKafka(): Promise<void>;
  startKafka(): Promise<void>;
  stopPostgres(): Promise<void>;
  startPostgres(): Promise<void>;
  remove(): Promise<void>;
};

const kafkaIn = (dir: string, port?: number) =>
  startEmbeddedKafka({ dir, say, port, overrides: { 'log.flush.interval.messages': Number.MAX_SAFE_INTEGER } });
const postgresIn = (dir: string, port?: number) =>
  startEmbeddedPostgres({ dir, say, port, settings: { fsync: 'off', max_connections: CONNECTIONS_MAX } });

/** Starts both, in a directory of their own. */
export async function startParts(): Promise<Parts> {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-chaos-'));
  chmodSync(dir, 0o711); // as root, PostgreSQL runs under another account
  let [kafka, postgres]: [EmbeddedKafka, EmbeddedPostgres] = await Promise.all([kafkaIn(dir), postgresIn(dir)]);
  const [{ brokers }, { url }] = [kafka, postgres];
  return {
    ...{ dir, brokers, databaseUrl: url },
    async killKafka() {
      process.kill(kafka.pid, 'SIGKILL');
      await kafka.exited;
    },
    async startKafka() {
      kafka = await kafkaIn(dir, Number(brokers[0]?.split(':')[1]));
    },
    stopPostgres: () => postgres.stop(),
    async startPostgres() {
      postgres = await postgresIn(dir, Number(new URL(url).port));
    },
    async remove() {
      await Promise.all([kafka.stop(), postgres.stop()]);
      keepLogs(dir);
      await resetEmbedded(dir, say);
    },
  };
}
