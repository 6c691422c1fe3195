import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EmbeddedKafka, type EmbeddedPostgres, resetEmbedded, startEmbeddedKafka, startEmbeddedPostgres } from '@keyturn/embedded';

/** How Kafka's own start script runs Java, in what counts: the embedded one is made to start quickly, and never compiles what is hot as far as it can
 *  be, which on a machine of two cores is taken from whoever is measured beside it. */
const JAVA_AS_DEPLOYED = ['-Xmx1g', '-XX:-UseSerialGC', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:TieredStopAtLevel=4'];

/** A Kafka and a PostgreSQL as `npm start` brings them, but for Kafka's Java: what they confirm is on the disk, for us and for whatever we are compared with. */
export type Servers = {
  readonly dir: string;
  readonly kafka: EmbeddedKafka;
  readonly postgres: EmbeddedPostgres;
  stop(): Promise<void>;
};

/** Starts both in a directory that `stop` removes. */
export async function startServers(): Promise<Servers> {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-bench-'));
  chmodSync(dir, 0o711); // as root, PostgreSQL runs under another account
  const say = (line: string) => console.error(`  ${line}`);
  const postgres = await startEmbeddedPostgres({ dir, say });
  const kafka = await startEmbeddedKafka({ dir, say, java: JAVA_AS_DEPLOYED }).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  return {
    dir,
    kafka,
    postgres,
    async stop() {
      await Promise.all([kafka.stop(), postgres.stop()]);
      await resetEmbedded(dir, () => {});
    },
  };
}
