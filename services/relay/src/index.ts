import { connectKafka, createLog, parseEnv, type Service, startPublisher } from '@keyturn/runtime';
import {
  databaseReasons,
  lookAtDatabase,
  openDatabase,
  RELAY_SEND_MS,
  RelayEnv,
  startCounting,
  startRelay,
  startSweep,
} from '@keyturn/store';

/** Brings the outbox to its topics and counts what the ingress kept, for as long as it runs. It starts also while PostgreSQL or Kafka is away, and says so in `notReady`.
 *  Throws `config.invalid`. */
export async function start(env: NodeJS.ProcessEnv): Promise<Service> {
  const config = parseEnv(RelayEnv, env);
  const log = createLog('relay');
  const database = openDatabase(config, 'relay');
  await lookAtDatabase(database, config).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const kafka = connectKafka(config, log);
  const relay = startRelay({
    databaseUrl: config.DATABASE_URL,
    schema: config.DATABASE_SCHEMA,
    openPublisher: () => startPublisher({ kafka, prefix: config.KAFKA_PREFIX, log, timeoutMs: RELAY_SEND_MS }),
    log,
  });
  const sweep = startSweep({ pool: database.pool, log });
  const counting = startCounting({ pool: database.pool, kafka, prefix: config.KAFKA_PREFIX, log });
  let ended = (_: undefined) => {};
  const stopped = new Promise<undefined>((resolve) => {
    ended = resolve;
  });
  return {
    name: 'relay',
    notReady: async () => {
      const reasons = relay.notReady();
      return reasons.length > 0 ? reasons : databaseReasons(database);
    },
    async stop() {
      await counting.stop();
      await sweep.stop();
      await relay.stop();
      await database.close();
      ended(undefined);
    },
    stopped,
  };
}
