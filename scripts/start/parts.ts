import {
  type Exit,
  fetchProgress,
  KAFKA_PORT_VARIABLE,
  lockDirectory,
  POSTGRES_PORT_VARIABLE,
  startEmbeddedKafka,
  startEmbeddedPostgres,
} from '@keyturn/embedded';
import { embeddedSecrets, requireSecrets, withSecrets } from './secrets.ts';

/** Tells the person at the terminal one thing. */
export type Say = (line: string) => void;
/** Kafka and PostgreSQL as this run has them: given from outside, or brought along. */
export type Parts = {
  /** What the services are started with. */
  readonly env: NodeJS.ProcessEnv;
  readonly embedded: { readonly kafka: boolean; readonly database: boolean };
  /** Resolves with one line when a part that we brought along ends by itself. */
  readonly broke: Promise<string>;
  stop(): Promise<void>;
};

type Running = { stop(): Promise<void>; exited: Promise<Exit> };
const PORTS = { kafka: 19_092, postgres: 15_432 };

/** Brings up what the environment does not name, `KAFKA_BROKERS` and `DATABASE_URL` one by one. Missing secrets are made up only where both are
 *  embedded: with anything external, the services refuse to start without them. Throws one clear line (`isEmbeddedError`). */
export async function startParts(dir: string, env: NodeJS.ProcessEnv, say: Say, signal: AbortSignal): Promise<Parts> {
  const isGiven = (name: string) => Boolean(env[name] || env[`${name}_FILE`]);
  const embedded = { kafka: !isGiven('KAFKA_BROKERS'), database: !isGiven('DATABASE_URL') };
  if (!embedded.kafka || !embedded.database) requireSecrets(env);
  if (!embedded.kafka && !embedded.database) return { env, embedded, broke: new Promise(() => {}), stop: async () => {} };
  const lock = await lockDirectory(dir);
  const running: [name: string, part: Running][] = [];
  const stop = async () => {
    for (const [, part] of running.reverse()) await part.stop();
    await lock.release();
  };
  try {
    const given = embedded.kafka && embedded.database ? withSecrets(env, embeddedSecrets(dir, env)) : { ...env };
    if (embedded.database) {
      const postgres = await startEmbeddedPostgres({ dir, say, signal, port: Number(env[POSTGRES_PORT_VARIABLE] || PORTS.postgres) });
      running.push(['PostgreSQL', postgres]);
      given.DATABASE_URL = postgres.url;
      say(`PostgreSQL runs (data in ${dir}/postgres)`);
    }
    if (embedded.kafka) {
      const progress = fetchProgress(process.stderr, say);
      const kafka = await startEmbeddedKafka({ dir, say, signal, progress, env, port: Number(env[KAFKA_PORT_VARIABLE] || PORTS.kafka) });
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
