import { connectKafka, createLog, type Kafka, kafkaEnv, type Log, parseEnv } from '@keyturn/runtime';
import { type Database, databaseEnv, openDatabase, requireSchema } from '@keyturn/store';
import { z } from 'zod';

/** What a replay works with. */
export type World = {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly database: Database;
  readonly log: Log;
  readonly now: () => Date;
  close(): Promise<void>;
};

const Env = z.object({ ...kafkaEnv, ...databaseEnv });

/** The Kafka and the PostgreSQL that the environment names. Throws `config.invalid` naming every fault, also where the schema is older than this
 *  release; `store.unavailable`. */
export async function openWorld(env: NodeJS.ProcessEnv, now: () => Date): Promise<World> {
  const config = parseEnv(Env, env);
  const log = createLog('replay', { level: 'silent' });
  const database = openDatabase(config, 'replay');
  try {
    await requireSchema(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return { kafka: connectKafka(config, log), prefix: config.KAFKA_PREFIX, database, log, now, close: () => database.close() };
}
