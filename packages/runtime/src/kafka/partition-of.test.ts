import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionOf } from './partition-of.ts';

const numRuns = Number(process.env.KEYTURN_PROPERTY_RUNS ?? 500);
const kafkajs = Partitioners.DefaultPartitioner();
const metadataOf = (partitions: number) =>
  Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, partitionErrorCode: 0, leader: 1, replicas: [1], isr: [1] }));

describe('partitionOf', () => {
  it("is the partition that kafkajs' Java-compatible partitioner has, for any key", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), fc.integer({ min: 1, max: 48 }), (key, partitions) => {
        const theirs = kafkajs({ topic: 't', partitionMetadata: metadataOf(partitions), message: { key, value: '' } });
        expect(partitionOf(key, partitions)).toBe(theirs);
      }),
      { numRuns },
    );
  });
});
