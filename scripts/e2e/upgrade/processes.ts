import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { compileCache, keepLine } from '@keyturn/testkit';
import type { Release } from './previous-release.ts';

/** One service of a release as a process of its own. */
export type Running = {
  readonly name: string;
  readonly url: string;
  readonly adminUrl: string;
  /** What it said at level error or above. */
  readonly complaints: readonly string[];
  /** As Kubernetes does; answers the exit code. */
  stop(): Promise<number | null>;
};
type Line = { level?: string; msg?: string; url?: string; admin?: string };

/** Starts it; resolves when it says that it has started. Throws its words where it ends before. */
export async function startProcess(
  release: Pick<Release, 'name' | 'folder' | 'argsOf'>,
  service: string,
  env: NodeJS.ProcessEnv,
): Promise<Running> {
  const child = spawn(process.execPath, release.argsOf(service), {
    cwd: release.folder,
    env: { PATH: process.env.PATH, ...compileCache(), ...env, ADMIN_PORT: '0', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const name = `${service} ${release.name}`;
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const complaints: string[] = [];
  const started = Promise.withResolvers<Line>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    keepLine('upgrade', text);
    const line = JSON.parse(text) as Line;
    if (line.level === 'error' || line.level === 'fatal') complaints.push(text);
    if (line.msg === 'started') started.resolve(line);
  });
  void exited.then(([code]) => started.reject(new Error(`${name} ended with ${code}: ${complaints.join('\n')}`)));
  const { url = '', admin = '' } = await started.promise;
  const stop = async () => {
    child.kill('SIGTERM');
    const [code] = await exited;
    return code;
  };
  return { name, url, adminUrl: admin, complaints, stop };
}

/** Whether it says that it can do its job. */
export const isReady = async ({ adminUrl }: Running): Promise<boolean> => (await fetch(`${adminUrl}/readyz`)).status === 200;
