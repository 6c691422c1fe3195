import { useSyncExternalStore } from 'react';

const EVERY_MS = 10_000;
let now = Date.now();
const listeners = new Set<() => void>();
let timer = 0;

function follow(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === 0) now = Date.now(); // nobody has moved it on meanwhile
  timer ||= window.setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = 0;
  };
}

/** The time, moved on every ten seconds for all that shows it. */
export const useNow = (): number => useSyncExternalStore(follow, () => now);
