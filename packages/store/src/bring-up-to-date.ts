import { AppError, allTopics } from '@keyturn/contracts';
import { ensureTopics, type Kafka, type KafkaConfig, requireTopics } from '@keyturn/runtime';
import { type Database, storeError } from './database.ts';
import { migrate } from './migrate.ts';
import { requireSchema } from './schema-state.ts';

type Parts = { readonly database: Database; readonly kafka: Kafka; readonly config: KafkaConfig & { MIGRATE_ON_START: boolean } };

/** Schema and topics are what this release needs: brought to it, or, with `MIGRATE_ON_START=false`, only looked at. Safe from several processes at once,
 *  and again and again: what is there stays. Throws `config.invalid`, `store.unavailable` or `kafka.unavailable`. */
export async function bringUpToDate({ database, kafka, config }: Parts): Promise<void> {
  const { KAFKA_PREFIX: prefix, KAFKA_REPLICATION: replication } = config;
  if (config.MIGRATE_ON_START) {
    await migrate(database, new Date());
    await ensureTopics(kafka, prefix, allTopics, { replication });
  } else {
    await requireSchema(database);
    await requireTopics(kafka, prefix, allTopics);
  }
}

/** For a service that never changes the schema, and that starts also while PostgreSQL is away: throws `config.invalid` where what answers is of no use,
 *  with `MIGRATE_ON_START=false` also where the schema is older than this release. */
export async function lookAtDatabase(
  database: Database,
  { MIGRATE_ON_START: othersMigrate }: { MIGRATE_ON_START: boolean },
): Promise<void> {
  const look = othersMigrate ? database.pool.query('select') : requireSchema(database);
  await look.catch((error: unknown) => {
    const named = storeError(error);
    if (!(named instanceof AppError) || named.code === 'config.invalid') throw named;
  });
}
