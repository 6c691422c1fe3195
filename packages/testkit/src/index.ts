export { type TestKafka, testKafka } from './kafka.ts';
export { type TestDatabase, testDatabase } from './postgres.ts';
