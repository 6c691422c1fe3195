import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';
import { openLog, readLog } from './log-tail.ts';
import { pollUntil } from './poll-until.ts';
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts';

/** How a server process ended. */
export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A server that runs as a child of this process and ends with it. */
export type ServerProcess = {
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<Exit>;
  /** True until the server has ended. */
  running(): boolean;
  /** Ends the server cleanly, by force after `timeoutMs`. Safe to call again. */
  stop(timeoutMs: number): Promise<Exit>;
  /** What the server has written to its log since it was started. */
  log(): string;
};

type Launch = {
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  pidFile: string;
  /** The signal that asks this server for a clean end. */
  stopSignal: 'SIGTERM' | 'SIGINT';
  uid?: number | undefined;
  gid?: number | undefined;
};

type PidRecord = { server: ProcessIdentity; owner: ProcessIdentity };

/**
 * Starts a server that does not outlive this process: Ctrl-C in the terminal reaches only us, who end it in order, and when we are
 * killed a watchdog asks it to end. Its pid file lets the next start find what was left all the same.
 */
export function launchServer(launch: Launch): ServerProcess {
  mkdirSync(path.dirname(launch.logFile), { recursive: true });
  const { fd, from } = openLog(launch.logFile);
  const { command, args, cwd, env, uid, gid } = launch;
  const as = uid === undefined || gid === undefined ? {} : { uid, gid };
  const child = spawn(command, args, { cwd, env, ...as, detached: true, stdio: ['ignore', fd, fd] });
  closeSync(fd);
  const pid = child.pid ?? 0;
  const watchdog = child.pid === undefined ? undefined : watch(pid, launch.stopSignal);
  if (child.pid !== undefined) writePidFile(launch.pidFile, pid);
  const exited = new Promise<Exit>((resolve) => {
    const ended = (exit: Exit) => {
      watchdog?.kill('SIGKILL');
      rmSync(launch.pidFile, { force: true });
      resolve(exit);
    };
    child.once('error', () => ended({ code: null, signal: null }));
    child.once('exit', (code, signal) => ended({ code, signal }));
  });
  const running = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const stop = async (timeoutMs: number) => {
    if (running()) child.kill(launch.stopSignal);
    const force = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    return exited.finally(() => clearTimeout(force));
  };
  return { pid, exited, running, stop, log: () => readLog(launch.logFile, from) };
}

/** Its standard input closes when we end, however we end; nothing is ever written to it. */
function watch(pid: number, stopSignal: 'SIGTERM' | 'SIGINT'): ChildProcess {
  const script = `read -r _; kill -s ${stopSignal.slice(3)} ${pid}`;
  const watchdog = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watchdog.once('error', () => undefined); // no shell: the next start finds the server by its pid file
  watchdog.unref();
  return watchdog;
}

function writePidFile(file: string, pid: number): void {
  const server = identifyProcess(pid);
  const owner = identifyProcess(process.pid);
  if (server && owner) writeFileSync(file, JSON.stringify({ server, owner } satisfies PidRecord));
}

/**
 * Ends the server an earlier run left behind, if it still lives. Throws one clear line when the run that owns it lives too.
 * The caller holds the directory, so nobody starts another meanwhile.
 */
export async function stopOrphan(
  pidFile: string,
  { what, stopSignal, say }: { what: string; stopSignal: NodeJS.Signals; say: (line: string) => void },
): Promise<void> {
  const left = readPidFile(pidFile);
  if (left && isAlive(left.server)) {
    if (isAlive(left.owner)) {
      throw embeddedError(
        `The embedded ${what} of this directory already runs (process ${left.server.pid}, started by process ${left.owner.pid}). Stop that keyturn first, or use another directory with KEYTURN_EMBEDDED_DIR.`,
      );
    }
    say(`Stopping the ${what} that an earlier run left behind (process ${left.server.pid})`);
    await end(left.server, stopSignal);
  }
  rmSync(pidFile, { force: true });
}

async function end(server: ProcessIdentity, stopSignal: NodeJS.Signals): Promise<void> {
  const gone = (timeoutMs: number) => pollUntil(() => (isAlive(server) ? undefined : true), { timeoutMs });
  send(server, stopSignal);
  if (await gone(8_000)) return;
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
