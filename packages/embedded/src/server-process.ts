import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openLog, readLog } from './log-tail.ts';
import { recordServer } from './orphan.ts';

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
  if (child.pid !== undefined) recordServer(launch.pidFile, pid);
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
