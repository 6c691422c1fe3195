import { setTimeout as delay } from 'node:timers/promises';
import { embeddedError } from './embedded-error.ts';
import { lastWords } from './log-tail.ts';
import { pollUntil } from './poll-until.ts';
import type { Exit, ServerProcess } from './server-process.ts';

const STOP_TIMEOUT_MS = 10_000;

type Start = {
  what: string;
  launch: (attempt: number) => ServerProcess;
  isReady: (server: ServerProcess) => boolean;
  /** Whether a server that ended before it was ready is worth another try. */
  again: (exit: Exit, log: string, attempt: number) => boolean;
  timeoutMs: number;
  logFile: string;
  signal: AbortSignal | undefined;
};

/** Resolves with a server that is ready. Throws one line with the server's own last words, the server ended, when it does not come up. */
export async function startServer({ what, launch, isReady, again, timeoutMs, logFile, signal }: Start): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const server = launch(attempt);
    const state = () => (isReady(server) ? 'ready' : server.running() ? undefined : 'ended');
    const reached = await orStop(server, pollUntil(state, { timeoutMs, signal }));
    if (reached === 'ready') return server;
    const exit = await server.stop(STOP_TIMEOUT_MS);
    if (reached === 'ended' && again(exit, server.log(), attempt)) {
      await delay(200);
      continue;
    }
    const how = reached === 'ended' ? 'ended while starting' : `was not ready within ${timeoutMs / 1000} s`;
    throw embeddedError(`The embedded ${what} ${how}: ${lastWords(server.log()) || 'it said nothing'}. Its log is ${logFile}`);
  }
}

/** Ends the server when the work on it fails, so that nobody is left with half a start. */
export async function orStop<T>(server: ServerProcess, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await server.stop(STOP_TIMEOUT_MS);
    throw error;
  }
}
