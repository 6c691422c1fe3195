import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { stopOrphan } from './orphan.ts';
import { pollUntil } from './poll-until.ts';
import { identifyProcess } from './process-identity.ts';
import { launchServer } from './server-process.ts';
import { otherProcess, removeTestDirs, testDir } from './testing.ts';

const POLITE = 'trap "echo bye; exit 3" TERM; echo up; while :; do sleep 0.05; done';
const DEAF = 'trap "" TERM; echo up; while :; do sleep 0.05; done';

/** For what never comes, not for what a busy machine takes long for. */
const PATIENCE_MS = 60_000;

const launchIn = (dir: string, script: string) => ({
  command: '/bin/sh',
  args: ['-c', script],
  cwd: dir,
  env: process.env,
  logFile: path.join(dir, 'server.log'),
  pidFile: path.join(dir, 'server.pid'),
  stopSignal: 'SIGTERM' as const,
});
const gone = (pid: number) => pollUntil(() => (identifyProcess(pid) ? undefined : true), { timeoutMs: PATIENCE_MS });
const up = (server: { log(): string }) => pollUntil(() => (server.log().includes('up') ? true : undefined), { timeoutMs: PATIENCE_MS });

afterAll(removeTestDirs);

describe('a server of ours', () => {
  it('ends cleanly when stopped, and says so once', async () => {
    const dir = testDir();
    const server = launchServer(launchIn(dir, POLITE));
    await up(server);
    expect(await server.stop(PATIENCE_MS)).toEqual({ code: 3, signal: null });
    expect(await server.stop(PATIENCE_MS)).toEqual(await server.exited);
    expect([server.log(), existsSync(path.join(dir, 'server.pid'))]).toEqual(['up\nbye\n', false]);
  });

  it('is ended by force when it does not listen', async () => {
    const server = launchServer(launchIn(testDir(), DEAF));
    await up(server);
    expect(await server.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('tells when it was killed', async () => {
    const server = launchServer(launchIn(testDir(), POLITE));
    process.kill(server.pid, 'SIGKILL');
    expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(server.running()).toBe(false);
  });

  it('that cannot be run at all has ended', async () => {
    const server = launchServer({ ...launchIn(testDir(), ''), command: '/no/such/program' });
    expect(await server.exited).toEqual({ code: null, signal: null });
    expect(server.running()).toBe(false);
  });

  it('ends when its owner is killed', async () => {
    const dir = testDir();
    const owner = await otherProcess<number>(
      `tell(processes.launchServer({ ...${JSON.stringify(launchIn(dir, POLITE))}, env: process.env }).pid);`,
    );
    await owner.kill9();
    expect(await gone(owner.told)).toBe(true);
  });

  it('that outlives its owner all the same is ended by the next start, by force if it must', async () => {
    const dir = testDir();
    const launch = JSON.stringify(launchIn(dir, DEAF));
    const owner = await otherProcess<number>(
      `const server = processes.launchServer({ ...${launch}, env: process.env });
       setInterval(() => { if (server.log().includes('up')) tell(server.pid); }, 20);`,
    );
    const orphan = { what: 'Server', stopSignal: 'SIGTERM', graceMs: 100 } as const;
    const refused = stopOrphan(path.join(dir, 'server.pid'), { ...orphan, say: () => undefined });
    await expect(refused).rejects.toThrow(`The embedded Server of this directory already runs (process ${owner.told}, started by process`);
    await owner.kill9();
    const lines: string[] = [];
    await stopOrphan(path.join(dir, 'server.pid'), { ...orphan, say: (line) => lines.push(line) });
    expect(identifyProcess(owner.told)).toBeUndefined();
    expect(lines).toEqual([`Stopping the Server that an earlier run left behind (process ${owner.told})`]);
  });
});
