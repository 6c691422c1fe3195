import { inbound, type Topic } from '@keyturn/contracts';

/** Where the naive server writes: as the inbound topic, with as many partitions. */
export const NAIVE_TOPIC: Topic = { ...inbound, name: 'bench.naive.v1' };
