/** No look for so long: what may have come since then counts as waiting. A send under way may take the half of it. */
const UNSEEN_AFTER_MS = 10_000;

/** How long the oldest row waits, true also between looks and while none succeeds. Instants are unix milliseconds. */
export type OutboxAge = {
  /** A look at the outbox found this as its oldest row; undefined: none. */
  looked(oldest: Date | undefined, at: number): void;
  /** `parked`: the oldest row that looks leave out. */
  seconds(parked: Date | undefined, now: number): number;
};

/** Nobody has looked yet. */
export function createOutboxAge(startedAt: number): OutboxAge {
  let oldest: number | undefined;
  let lookedAt = startedAt;
  return {
    looked(found, at) {
      oldest = found?.getTime();
      lookedAt = at;
    },
    seconds(parked, now) {
      const unseen = now - lookedAt > UNSEEN_AFTER_MS ? lookedAt : now;
      return Math.max(0, now - Math.min(oldest ?? now, parked?.getTime() ?? now, unseen)) / 1000;
    },
  };
}
