import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A server of its own process, as in a deployment: our services from their `main.ts`, and what they are compared with. */
export type Running = {
  readonly name: string;
  readonly pid: number;
  /** Where it listens; '' for one that doesn't. */
  readonly url: string;
  /** The WebSocket of its inspector; '' where it was not asked for. */
  readonly inspector: string;
  stop(): Promise<void>;
};
export type ProcessOptions = {
  readonly name: string;
  /** From the root of the checkout. */
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where its log goes. */
  readonly dir: string;
  readonly inspect?: boolean;
};

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const START_TIMEOUT_MS = 60_000;

/** Starts it and waits for its line `started`. Throws with the end of its log where that does not come. */
export async function startProcess({ name, main, env, dir, inspect = false }: ProcessOptions): Promise<Running> {
  const logFile = path.join(dir, `${name}-${Date.now()}.log`);
  const log = createWriteStream(logFile);
  await once(log, 'open');
  const child = spawn(process.execPath, [...flagsOf(inspect), path.join(ROOT, main)], {
    cwd: ROOT,
    env: { ...process.env, ADMIN_PORT: '0', INGRESS_PORT: '0', ...env },
    stdio: ['ignore', log, log],
  });
  const exited = once(child, 'exit');
  const { url, inspector } = await untilStarted(name, child, logFile);
  return {
    name,
    pid: child.pid as number,
    url,
    inspector,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      log.destroy();
    },
  };
}

/** As the image has it, for us and for whatever we are compared with. */
const imageFlags = /NODE_OPTIONS=(\S+)/.exec(readFileSync(path.join(ROOT, 'infra', 'Dockerfile'), 'utf8'))?.[1] ?? '';

/** `KEYTURN_BENCH_PROFILE`: a directory that gets a processor profile of each process. */
function flagsOf(inspect: boolean): string[] {
  const profiles = process.env.KEYTURN_BENCH_PROFILE;
  return [
    imageFlags,
    ...(inspect ? ['--inspect=127.0.0.1:0'] : []),
    ...(profiles ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profiles)}`] : []),
  ];
}

async function untilStarted(name: string, child: ChildProcess, logFile: string): Promise<{ url: string; inspector: string }> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const text = readFileSync(logFile, 'utf8');
    const line = text.split('\n').find((one) => one.includes('"msg":"started"'));
    if (line) return { url: (JSON.parse(line) as { url?: string }).url ?? '', inspector: /ws:\/\/\S+/.exec(text)?.[0] ?? '' };
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${text.slice(-2_000)}`);
    }
    await pause(20);
  }
}

const CLOCK_TICKS_PER_SECOND = 100;
/** Seconds of processor time that a process and its children that live now have used; its threads are in it. Linux only. */
export function cpuSeconds(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return ownCpuSeconds(pid) + children.reduce((sum, child) => sum + ownCpuSeconds(child), 0);
}
function ownCpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
  } catch {
    return 0; // it has just ended
  }
}
