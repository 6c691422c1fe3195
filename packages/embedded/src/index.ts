export { lockDirectory } from './directory-lock.ts';
export { isEmbeddedError, unwritable } from './embedded-error.ts';
export { type FetchProgress, fetchProgress, progressLines } from './fetch-progress.ts';
export { type EmbeddedKafka, KAFKA_PORT_VARIABLE, type KafkaOptions, startEmbeddedKafka } from './kafka.ts';
export type { KafkaSettings } from './kafka-settings.ts';
export { freePort } from './ports.ts';
export { type EmbeddedPostgres, POSTGRES_PORT_VARIABLE, type PostgresOptions, startEmbeddedPostgres } from './postgres.ts';
export { resetEmbedded } from './reset.ts';
export type { Exit } from './server-process.ts';
