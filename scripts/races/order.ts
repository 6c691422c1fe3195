import type { GraphStep } from '@keyturn/testkit';

/** The order of what this one process sees, as it sees it. Each thing that it sees, or does, is in the past of all that comes after it: so no clock is needed
 *  to say what a send can't have missed. */
export type Order = {
  /** A place of its own, behind all that were given. */
  next(): number;
  /** Whoever holds this number is blocked, and every statement that begins from now on sees that. */
  blocked(waId: string): void;
  /** Whether the block was there to be seen before this place. */
  wasBlockedBefore(waId: string, place: number): boolean;
  blockedCount(): number;
  /** To be told of every step of the platform. */
  platform(step: GraphStep): void;
  readonly totals: { forwarded: number; overtaken: number; wrongHash: number };
};

/** `hash`: the one that everybody is known by before the change. */
export function newOrder(hash: string): Order {
  let place = 0;
  const blockedAt = new Map<string, number>();
  const freeAt = new Map<number, number>();
  const totals = { forwarded: 0, overtaken: 0, wrongHash: 0 };
  const wasBlockedBefore = (waId: string, before: number) => (blockedAt.get(waId) ?? Number.POSITIVE_INFINITY) < before;
  return {
    ...{ totals, wasBlockedBefore, next: () => place++, blockedCount: () => blockedAt.size },
    blocked(waId) {
      if (!blockedAt.has(waId)) blockedAt.set(waId, place++);
    },
    platform({ step, connection, body }) {
      const at = place++;
      if (step === 'answering') return void freeAt.set(connection, at);
      const { to, recipient_identity_key_hash: carried } = body as { to: string; recipient_identity_key_hash?: string };
      totals.forwarded += 1;
      if (carried !== hash) totals.wrongHash += 1;
      // The connection was busy with another message until then, so that the last look at the state came after it.
      if (wasBlockedBefore(to, freeAt.get(connection) ?? Number.NEGATIVE_INFINITY)) totals.overtaken += 1;
    },
  };
}
