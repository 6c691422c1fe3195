import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 10;

/** Resolves when the condition holds; throws, naming it, when it does not in time. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not in ${timeoutMs / 1000} s: ${what}`);
    await pause(POLL_MS);
  }
}
