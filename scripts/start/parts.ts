import { type Exit, fetchProgress, lockDirectory, startEmbeddedKafka, startEmbeddedPostgres } from '@keyturn/embedded';
import { type Embedded, embeddedPorts, refuseFaults } from './environment.ts';
import { embeddedSecrets, storeSecrets, withSecrets } from './secrets.ts';

/** Tells the person at the terminal one thing. */
export type Say = (line: string) => void;
/** Kafka and PostgreSQL as this run has them: given from outside, or brought along. */
export type Parts = {
  /** What the services are started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly embedded: Embedded;
  /** Resolves with one line when a part that we brought along ends by itself. */
  readonly broke: Promise<string>;
  stop(): Promise<void>;
};

type Running = { stop(): Promise<void>; exited: Promise<Exit> };

/** Brings up what the environment does not name, `KAFKA_BROKERS` and `DATABASE_URL` one by one. Missing secrets are made up only where both are
 *  embedded: with anything external, it refuses to start without them. Throws `config.invalid` with all that is wrong with the environment before
 *  anything is made or connected, else one clear line (`isEmbeddedError`). */
export async function startParts(dir: string, env: NodeJS.ProcessEnv, say: Say, signal: AbortSignal): Promise<Parts> {
  const isGiven = (name: string) => Boolean(env[name] || env[`${name}_FILE`]);
  const embedded = { kafka: !isGiven('KAFKA_BROKERS'), database: !isGiven('DATABASE_URL') };
  if (!embedded.kafka && !embedded.database) {
    refuseFaults(env, embedded);
    return { env, embedded, broke: new Promise(() => {}), stop: async () => {} };
  }
  const lock = await lockDirectory(dir);
  const running: [name: string, part: Running][] = [];
  const stop = async () => {
    for (const [, part] of running.reverse()) await part.stop();
    await lock.release();
  };
  try {
    const secrets = embedded.kafka && embedded.database ? embeddedSecrets(dir, env) : null;
    const given = secrets === null ? { ...env } : withSecrets(env, secrets);
    refuseFaults(given, embedded);
    if (secrets !== null) storeSecrets(dir, secrets);
    const ports = embeddedPorts(env);
    if (embedded.database) {
      const postgres = await startEmbeddedPostgres({ dir, say, signal, port: ports.postgres });
      running.push(['PostgreSQL', postgres]);
      given.DATABASE_URL = postgres.url;
      say(`PostgreSQL runs (data in ${dir}/postgres)`);
    }
    if (embedded.kafka) {
      const progress = fetchProgress(process.stderr, say);
      const kafka = await startEmbeddedKafka({ dir, say, signal, progress, env, port: ports.kafka });
      running.push(['Kafka', kafka]);
      given.KAFKA_BROKERS = kafka.brokers.join(',');
      say(`Kafka runs (data in ${dir}/kafka)`);
    }
    const broke = Promise.race(
      running.map(([name, part]) =>
        part.exited.then(
          () =>
            `${name} ended by itself: see ${dir}/${name.toLowerCase().replace('postgresql', 'postgres')}.log, then npm start again; nothing confirmed is lost`,
        ),
      ),
    );
    return { env: given, embedded, broke, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
