import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { embeddedError } from './embedded-error.ts';
import { pollUntil } from './poll-until.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

type PidRecord = { server: ProcessIdentity; owner: ProcessIdentity };

/** Records which server runs and that it is this process's, so that a later start finds it if we are killed. */
export function recordServer(pidFile: string, pid: number): void {
  const server = identifyProcess(pid);
  const owner = identifyProcess(process.pid);
  if (server && owner) writeFileSync(pidFile, JSON.stringify({ server, owner } satisfies PidRecord));
}

/**
 * Ends the server an earlier run left behind, if it still lives. Throws one clear line when the run that owns it lives too.
 * The caller holds the directory, so nobody starts another meanwhile.
 */
export async function stopOrphan(
  pidFile: string,
  { what, stopSignal, say, graceMs = 8_000 }: { what: string; stopSignal: NodeJS.Signals; say: (line: string) => void; graceMs?: number },
): Promise<void> {
  const left = readPidFile(pidFile);
  if (left && isAlive(left.server)) {
    if (isAlive(left.owner)) {
      throw embeddedError(
        `The embedded ${what} of this directory already runs (process ${left.server.pid}, started by process ${left.owner.pid}). Stop that keyturn first, or use another directory with KEYTURN_EMBEDDED_DIR.`,
      );
    }
    say(`Stopping the ${what} that an earlier run left behind (process ${left.server.pid})`);
    await end(left.server, stopSignal, graceMs);
  }
  rmSync(pidFile, { force: true });
}

async function end(server: ProcessIdentity, stopSignal: NodeJS.Signals, graceMs: number): Promise<void> {
  const gone = (timeoutMs: number) => pollUntil(() => (isAlive(server) ? undefined : true), { timeoutMs });
  send(server, stopSignal);
  if (await gone(graceMs)) return;
  send(server, 'SIGKILL');
  if (!(await gone(5_000)))
    throw embeddedError(`Process ${server.pid} of an earlier run does not end. End it by hand: kill -9 ${server.pid}`);
}

function send(server: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(server.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readPidFile(file: string): PidRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidRecord;
  } catch {
    return undefined; // absent, or cut short: nothing to go by
  }
}
