import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keepLine, testKafka, until } from '@keyturn/testkit';
import { SECRET } from './hostile-callers.fixture.ts';

/** The Kafka that it runs on. */
export const kafkaOfRun = testKafka();

/** One line of the log. */
export type Line = Readonly<Record<string, unknown>>;
/** An ingress as a process of its own, as it is deployed. */
export type Ingress = {
  readonly port: number;
  /** Of health and metrics. */
  readonly adminPort: number;
  /** Every line it wrote, and every line as text. */
  readonly lines: Line[];
  readonly written: string[];
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
};

/** Starts it on the Kafka of this run. */
export async function ingressProcess(): Promise<Ingress> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const settings = {
    INGRESS_PORT: '0',
    ADMIN_PORT: '0',
    LOG_LEVEL: 'info',
    KAFKA_BROKERS: kafkaOfRun.brokers.join(','),
    KAFKA_PREFIX: kafkaOfRun.prefix,
  };
  const secrets = { WHATSAPP_APP_SECRET: SECRET, WHATSAPP_VERIFY_TOKEN: randomBytes(16).toString('hex') };
  const { NODE_OPTIONS: _, ...outside } = process.env;
  const child: ChildProcess = spawn(process.execPath, [main], {
    env: { ...outside, ...settings, ...secrets },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const written: string[] = [];
  const started = new Promise<Line>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the ingress ended with ${code}: ${written.join('\n')}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      written.push(line);
      keepLine('hostile', line);
      const said = JSON.parse(line) as Line;
      lines.push(said);
      if (said.msg === 'started') resolve(said);
    });
  });
  const { url, admin } = await started;
  return {
    port: Number(new URL(String(url)).port),
    adminPort: Number(new URL(String(admin)).port),
    lines,
    written,
    async metric(name) {
      const all = await (await fetch(`${admin}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(all)?.[1]);
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** How healthy deliveries fared while something else went on, how much memory the ingress had at most. */
export type Beside = {
  readonly statuses: Readonly<Record<string, number>>;
  /** The `webhookId` of each body that was answered 200. */
  readonly kept: readonly string[];
  readonly slowestMs: number;
  readonly peakBytes: number;
};
/** Healthy deliveries, from a process of their own, while an attack runs. */
export async function beside(ingress: Ingress, attack: () => Promise<unknown>): Promise<Beside> {
  const script = fileURLToPath(new URL('hostile-prober.fixture.ts', import.meta.url));
  const { NODE_OPTIONS: _, ...outside } = process.env;
  const prober = spawn(process.execPath, [script, String(ingress.port)], {
    env: { ...outside, HOSTILE_SECRET: SECRET },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  prober.stdout.on('data', (chunk) => (said += chunk));
  await until('the prober delivers', () => said.startsWith('delivering'));
  let peakBytes = 0;
  const watching = setInterval(() => {
    const keep = (bytes: number) => {
      peakBytes = Math.max(peakBytes, bytes);
    };
    void ingress.metric('process_resident_memory_bytes').then(keep, () => {}); // asked again soon
  }, 100);
  await attack();
  clearInterval(watching);
  const gone = once(prober, 'close');
  prober.stdin.end();
  await gone;
  return { ...JSON.parse(said.slice('delivering'.length)), peakBytes };
}
