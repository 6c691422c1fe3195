import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when the condition holds; throws, naming it, when it does not within the time. */
export async function until(what: string, condition: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not in ${timeoutMs / 1000} s: ${what}`);
    await pause(20);
  }
}
