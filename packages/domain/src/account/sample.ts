/** How many messages of a day are counted one by one. Beyond, these many stand for all: their shares are wrong by 1.6 points (one sigma) at most. */
export const SAMPLE_MAX = 1_024;
const HASH_MAX = 2 ** 52;

/** The messages of a day of which the hashes are the smallest, each as twice its hash, plus one where it carried a key hash; sorted. Bounded, and the
 *  union of two is one again, so that a message counts once however often and in whatever order it comes: also years later, from a replay. */
export type Sample = readonly number[];

/** One message, by the id of its event. */
export const sampled = (eventId: string, withHash: boolean): number => hash52(eventId) * 2 + Number(withHash);

/** Both together. Where one says that a message carried a hash, it did. */
export function joinSamples(one: Sample, other: Iterable<number>): Sample {
  const all = new Map(one.map((entry) => [Math.floor(entry / 2), entry]));
  for (const entry of other) all.set(Math.floor(entry / 2), Math.max(entry, all.get(Math.floor(entry / 2)) ?? 0));
  return [...all.values()].sort((a, b) => a - b).slice(0, SAMPLE_MAX);
}

/** How many messages there were, and how many of them carried a key hash. */
export type Counted = { readonly messages: number; readonly withHash: number; readonly exact: boolean };

/** What a sample says of its day: counted as far as it goes, else estimated from how close together the smallest hashes are. */
export function countOf(sample: Sample): Counted {
  const withHash = sample.filter((entry) => entry % 2 === 1).length;
  const largest = sample.at(-1);
  if (sample.length < SAMPLE_MAX || largest === undefined) return { messages: sample.length, withHash, exact: true };
  const messages = Math.round(((SAMPLE_MAX - 1) * HASH_MAX) / (Math.floor(largest / 2) + 1));
  return { messages, withHash: Math.round((messages * withHash) / sample.length), exact: false };
}

/** 52 well-mixed bits of a text (cyrb53, less one bit): not against an enemy, who would gain nothing. */
function hash52(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (b & 0xfffff) * 2 ** 32 + (a >>> 0);
}
