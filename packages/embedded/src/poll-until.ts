import { setTimeout as delay } from 'node:timers/promises';

/** Resolves with the first value that is not undefined; with undefined once `timeoutMs` has passed. Rejects when the signal aborts. */
export async function pollUntil<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  { everyMs = 20, timeoutMs, signal }: { everyMs?: number; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<T | undefined> {
  const endsAt = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() >= endsAt) return undefined;
    await delay(everyMs, undefined, signal ? { signal } : {});
  }
}
