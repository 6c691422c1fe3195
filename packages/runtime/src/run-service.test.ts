import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const runtime = fileURLToPath(new URL('./index.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL'); // what a failed test left
});
type Line = { level: string; msg: string; admin?: string; code?: string };

/** A process whose whole main is `runService(start)`. */
function run(start: string, env: Record<string, string> = {}) {
  const main = `import { runService } from ${JSON.stringify(runtime)}; await runService(${start});`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', main], {
    env: { PATH: process.env.PATH, ADMIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines: Line[] = [];
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const output = createInterface({ input: child.stdout ?? process.stdin });
  const line = (msg: RegExp) =>
    new Promise<Line>((resolve) => {
      output.on('line', (text) => {
        const parsed = JSON.parse(text) as Line;
        lines.push(parsed);
        if (msg.test(parsed.msg)) resolve(parsed);
      });
    });
  return { child, lines, exited, line };
}
const service = (more: string) =>
  `async () => ({ name: 'test', notReady: async () => [], stop: async () => {}, stopped: new Promise(() => {}), ${more} })`;

describe('runService', () => {
  it('serves health and readiness, and ends cleanly on SIGTERM', async () => {
    const { child, exited, line } = run(service(''));
    const { admin } = await line(/^started$/);
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it('a start that fails is one line and exit code 1', async () => {
    const { exited, line, lines } = run(service(''), { ADMIN_PORT: 'here' });
    expect(await line(/ADMIN_PORT must be a port number/)).toMatchObject({ level: 'fatal', code: 'config.invalid' });
    expect([await exited, lines.length]).toEqual([1, 1]);
  });

  it('a stop that hangs is broken off at the deadline', async () => {
    const { child, exited, line } = run(service('stop: () => new Promise(() => {})'), { SHUTDOWN_TIMEOUT_MS: '50' });
    await line(/^started$/);
    child.kill('SIGINT');
    expect(await exited).toBe(1);
  });

  it('a service that stopped by itself stays up for the human it paged', async () => {
    const { child, exited, line } = run(
      service(`stopped: Promise.resolve(new Error('records are missing')), notReady: async () => ['stopped']`),
    );
    const [{ admin }] = await Promise.all([line(/^started$/), line(/the service failed/)]);
    expect([(await fetch(`${admin}/healthz`)).status, (await fetch(`${admin}/readyz`)).status]).toEqual([200, 503]);
    child.kill('SIGTERM');
    expect(await exited).toBe(1);
  });
});
