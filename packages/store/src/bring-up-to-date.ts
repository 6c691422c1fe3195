import { allTopics } from '@keyturn/contracts';
import { ensureTopics, type Kafka, type KafkaConfig, type Log } from '@keyturn/runtime';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';

const DAY_MS = 86_400_000;
type Parts = { readonly database: Database; readonly kafka: Kafka; readonly config: KafkaConfig };

/** Brings schema and topics to what this release needs. Safe from several processes at once, and again and again: what is there stays. */
export async function bringUpToDate({ database, kafka, config }: Parts): Promise<void> {
  await migrate(database, new Date());
  await ensureTopics(
    kafka,
    config.KAFKA_PREFIX,
    allTopics,
    config.KAFKA_REPLICATION === undefined ? {} : { replication: config.KAFKA_REPLICATION },
  );
}

/** Makes the journal's next months in time, once a day for as long as the process lives. A day missed is made up the next; there are two months of room. */
export function keepJournalMonths(database: Database, log: Log): { stop(): void } {
  const daily = setInterval(() => {
    migrate(database, new Date()).catch((error: Error) =>
      log.warn({ reason: error.message }, 'the journal’s next month was not made; tomorrow again'),
    );
  }, DAY_MS);
  daily.unref();
  return { stop: () => clearInterval(daily) };
}
