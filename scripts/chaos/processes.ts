import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../e2e/until.ts';
import type { Strike } from './strike.preload.ts';

const root = path.join(import.meta.dirname, '../..');
/** As soon as a cluster does at its first try. */
const RESTART_MS = 200;
const STOP_TIMEOUT_MS = 15_000;

/** One service as a process of its own, started again whenever it ends unasked, as a cluster would. */
export type Supervised = {
  readonly name: string;
  /** How often it was started. */
  starts(): number;
  strike(strike: Strike): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves when the process that runs now has ended. */
  ended(): Promise<void>;
  isReady(): Promise<boolean>;
  /** Whether the process stands still, alive (SIGSTOP). */
  isStopped(): boolean;
  metrics(): Promise<string>;
  /** For how long, in milliseconds since its start, the process that runs now could have run and was given no processor (Linux; elsewhere 0). */
  starvedMs(): number;
  /** As a deployment does: SIGTERM, and not started again. */
  stop(): Promise<void>;
  /** Resolves when it is ready. `preload`: a module of this folder that is loaded first, from now on. */
  start(preload?: string): Promise<void>;
};

/** Which service a process is, with what, and where it says how it is. */
export type Place = { readonly service: string; readonly env: NodeJS.ProcessEnv; readonly adminPort: number; readonly logFile: string };

const flags = (preloads: readonly string[]) => preloads.flatMap((preload) => ['--import', `./scripts/chaos/${preload}.preload.ts`]);

function waitedMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** A service that is not started yet. */
export function supervise(name: string, { service, env, adminPort, logFile }: Place): Supervised {
  let child: ChildProcess;
  let starts = 0;
  let wanted = false;
  let preloads: string[] = [];

  const launch = () => {
    const words = openSync(`${logFile}.out`, 'a');
    child = spawn(process.execPath, [...flags(preloads), `services/${service}/src/main.ts`], {
      cwd: root,
      env: { ...env, ADMIN_PORT: String(adminPort), LOG_FILE: logFile },
      stdio: ['ignore', words, words, 'ipc'],
    });
    closeSync(words);
    starts += 1;
    child.once('exit', () => void again());
  };
  const again = async () => {
    await pause(RESTART_MS);
    if ((wanted && child.exitCode !== null) || (wanted && child.signalCode !== null)) launch();
  };
  const ask = (route: string) => fetch(`http://127.0.0.1:${adminPort}${route}`, { signal: AbortSignal.timeout(2_000) });
  const isReady = () =>
    ask('/readyz').then(
      (answer) => answer.ok,
      () => false,
    );
  const ended = async () => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return {
    name,
    starts: () => starts,
    strike: (strike) => void child.send(strike),
    signal: (signalName) => void child.kill(signalName),
    ended,
    isReady,
    isStopped: () => /^T/.test(spawnSync('ps', ['-o', 'state=', '-p', String(child.pid)], { encoding: 'utf8' }).stdout.trim()),
    metrics: async () => (await ask('/metrics')).text(),
    starvedMs: () => waitedMs(child.pid),
    async stop() {
      wanted = false;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended();
      clearTimeout(timer);
    },
    async start(other) {
      wanted = true;
      preloads = ['strike', ...(other === undefined ? [] : [other])];
      launch();
      await until(`${name} is ready`, isReady);
    },
  };
}
