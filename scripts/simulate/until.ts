import { setTimeout as pause } from 'node:timers/promises';
import { storyBroke } from './story-broke.ts';

const TIMEOUT_MS = 15_000;
const POLL_MS = 20;

/** Resolves with the first answer that is not undefined; a story that waits in vain breaks, saying what for. */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline)
      throw storyBroke(`Waited ${timeoutMs / 1000} s in vain: ${what}. The log of npm start (.keyturn/keyturn.log) may say why.`);
    await pause(POLL_MS);
  }
}
