import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A running program that keeps a copy of who is blocked. It is asked by lines on its input, as a sender would. */
export type Copy = {
  ask<Answer>(line: string): Promise<Answer>;
  stop(): Promise<void>;
};
export type Where = { readonly brokers: readonly string[]; readonly topic: string };

/** Starts one. What it says on its error output comes with the error when it ends by itself. */
export function startCopy(command: readonly string[], { brokers, topic }: Where): Copy {
  const [file = '', ...args] = command;
  const schema = path.join(import.meta.dirname, '../../../packages/contracts/schemas/identity.state.v1/state.json');
  const env = { ...process.env, KAFKA_BROKERS: brokers.join(','), TOPIC: topic, SCHEMA: schema };
  const child = spawn(file, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const broke = gone.then(() => Promise.reject(new Error(`${path.basename(args.at(-1) ?? file)} ended by itself: ${words.slice(-4_000)}`)));
  broke.catch(() => {}); // whoever asks hears of it
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async ask<Answer>(line: string) {
      child.stdin.write(`${line}\n`);
      const { done, value } = await Promise.race([lines.next(), broke]);
      return done ? broke : (JSON.parse(value) as Answer);
    },
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
