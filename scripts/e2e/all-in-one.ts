import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@keyturn/embedded';
import { keepFromLogs, keepLogs } from '@keyturn/testkit';

const root = path.join(import.meta.dirname, '../..');

/** `npm start` as a process of its own, in a directory of its own, on free ports. */
export type AllInOne = {
  readonly env: NodeJS.ProcessEnv;
  /** Starts it; resolves when it says that it is ready, with how long that took. Throws its words when it ends before. */
  start(): Promise<{ readyMs: number }>;
  /** As a power cut would: no goodbye. */
  kill(): Promise<void>;
  /** As Ctrl-C does; answers the exit code. */
  interrupt(): Promise<number | null>;
  run(): { ingressUrl: string; consoleUrl: string; databaseUrl: string };
  secrets(): Record<string, string>;
  post(body: string): Promise<number>;
  words(): string;
  /** Another script of the project, against this instance. */
  script(name: string, ...args: string[]): Promise<{ code: number | null; words: string }>;
  remove(): void;
};

export async function allInOne(): Promise<AllInOne> {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-e2e-'));
  const names = ['KEYTURN_KAFKA_PORT', 'KEYTURN_POSTGRES_PORT', 'INGRESS_PORT', 'CONSOLE_PORT', 'GATE_PORT', 'ADMIN_PORT'];
  const { KAFKA_BROKERS: _k, DATABASE_URL: _d, LOG_FILE: _l, LOG_LEVEL: _v, NODE_OPTIONS: _o, ...outside } = process.env;
  const env: NodeJS.ProcessEnv = { ...outside, KEYTURN_EMBEDDED_DIR: dir, NO_COLOR: '1' };
  for (const name of names) env[name] = String(await freePort());
  let child: ChildProcess | undefined;
  let words = '';
  const ended = (one: ChildProcess) => new Promise<number | null>((resolve) => one.once('exit', resolve));
  const json = (file: string) => JSON.parse(readFileSync(path.join(dir, file), 'utf8'));
  return {
    env,
    async start() {
      const startedAt = performance.now();
      words = '';
      const started = spawn(process.execPath, ['scripts/start.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      await new Promise<void>((resolve, reject) => {
        const hear = (chunk: Buffer) => {
          words += chunk;
          if (words.includes('keyturn is ready')) resolve();
        };
        started.stdout.on('data', hear);
        started.stderr.on('data', hear);
        started.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${words}`)));
      });
      for (const secret of Object.values<string>(json('secrets.json'))) keepFromLogs(secret);
      return { readyMs: performance.now() - startedAt };
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = ended(child as ChildProcess);
      child?.kill('SIGKILL');
      await gone;
    },
    async interrupt() {
      const code = ended(child as ChildProcess);
      child?.kill('SIGINT');
      return code;
    },
    run: () => json('run.json'),
    secrets: () => json('secrets.json'),
    async post(body) {
      const signature = createHmac('sha256', json('secrets.json').WHATSAPP_APP_SECRET).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
      return (await fetch(`http://127.0.0.1:${env.INGRESS_PORT}/webhook`, { method: 'POST', body, headers })).status;
    },
    words: () => words,
    async script(name, ...args) {
      const one = spawn(process.execPath, [`scripts/${name}.ts`, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      one.stdout.on('data', (chunk: Buffer) => (said += chunk));
      one.stderr.on('data', (chunk: Buffer) => (said += chunk));
      return { code: await ended(one), words: said };
    },
    remove() {
      keepLogs(dir);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
