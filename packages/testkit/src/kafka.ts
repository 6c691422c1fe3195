import { randomBytes } from 'node:crypto';
import { PARTS, partOf } from './parts.ts';

/** Where the broker of this run is, and what every topic and group of one test file begins with. */
export type TestKafka = { brokers: string[]; prefix: string };

/** The broker of this run, with a prefix for `KAFKA_PREFIX` that no other test file has. */
export function testKafka(): TestKafka {
  return { brokers: partOf(PARTS.brokers).split(','), prefix: `test-${randomBytes(6).toString('hex')}.` };
}
