import { setTimeout as pause } from 'node:timers/promises';

/** Soon at first, then more rarely: what is asked costs the machine that is waited for. */
const POLL_MS = { first: 5, most: 25 };

/** Resolves when the condition holds; throws, naming it, when it does not in time: that is for what never will, not for what a busy machine takes long for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 120_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (let restMs = POLL_MS.first; !(await holds()); restMs = Math.min(restMs * 1.5, POLL_MS.most)) {
    if (performance.now() > deadline) throw new Error(`not in ${timeoutMs / 1000} s: ${what}`);
    await pause(restMs);
  }
}
