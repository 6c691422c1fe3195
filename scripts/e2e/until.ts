import { until as heldWithin } from '@keyturn/testkit';

/** Resolves when the condition holds; throws, naming it, when it does not within the time: whole processes come up meanwhile. */
export const until = (what: string, condition: () => Promise<boolean>, timeoutMs = 120_000): Promise<void> =>
  heldWithin(what, condition, timeoutMs);
