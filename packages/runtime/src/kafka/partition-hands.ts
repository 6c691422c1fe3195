import type { Topic } from '@keyturn/contracts';

/** What is known of a partition while this member has it. */
export type PartitionHand = {
  readonly topic: Topic;
  readonly partition: number;
  attempts: number;
  /** The earlier offset that `onBatch` wanted to see again. */
  askedFor: bigint | null;
  /** Another one from the moment on from which what was read so far is not to be gone on with: it is read again from elsewhere, or another member has it. */
  turn: number;
  /** What `onBatch` has of it, until that is through. Never rejects. */
  inHand: Promise<void>;
};

/** The partitions of one member, each with what is in hand of it. */
export function partitionHands() {
  const hands = new Map<string, PartitionHand>();
  const of = (topic: Topic, partition: number): PartitionHand => {
    const name = `${topic.name} ${partition}`;
    const hand = hands.get(name) ?? { topic, partition, attempts: 0, askedFor: null, turn: 0, inHand: Promise.resolve() };
    hands.set(name, hand);
    return hand;
  };
  return {
    of,
    /** The partition is read on from elsewhere. */
    leave(topic: Topic, partition: number): void {
      const hand = of(topic, partition);
      Object.assign(hand, { attempts: 0, askedFor: null, turn: hand.turn + 1 });
    },
    /** All are dealt out anew: what was known may be out of date. What is still in hand stays so, for what comes next has to wait for it. */
    forget(): void {
      for (const hand of hands.values()) Object.assign(hand, { attempts: 0, askedFor: null, turn: hand.turn + 1 });
    },
    /** Resolves once all that is in hand now is through. */
    async allThrough(): Promise<void> {
      await Promise.all([...hands.values()].map(({ inHand }) => inHand));
    },
  };
}
