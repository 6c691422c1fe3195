const M = 0x5bd1e995;

const mixed = (block: number): number => {
  const k = Math.imul(block, M);
  return Math.imul(k ^ (k >>> 24), M);
};

/** The hash by which Kafka's Java client, and so every client that keeps to it, deals keys out to partitions (murmur2, signed 32 bit). */
function murmur2(data: Uint8Array): number {
  const whole = data.length & ~3;
  let h = 0x9747b28c ^ data.length;
  for (let i = 0; i < whole; i += 4) h = Math.imul(h, M) ^ mixed(blockAt(data, i));
  let rest = 0;
  for (let i = data.length - 1; i >= whole; i--) rest = (rest << 8) | (data[i] ?? 0);
  if (whole < data.length) h = Math.imul(h ^ rest, M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}
const blockAt = (data: Uint8Array, i: number): number =>
  (data[i] as number) | ((data[i + 1] as number) << 8) | ((data[i + 2] as number) << 16) | ((data[i + 3] as number) << 24);

/** The partition of a key, as Kafka's default partitioner has it: the same for ever, while the partition count stays. */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
