import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Progress, progressBar, progressLines } from './text/progress.ts';

/** The world as a command sees it. */
export type Io = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Somebody can be asked. */
  readonly interactive: boolean;
  readonly colors: boolean;
  /** How wide the terminal is that answers go to; absent: as wide as need be. */
  readonly columns?: number | undefined;
  now(): Date;
  out(line: string): void;
  err(line: string): void;
  /** One line. `hidden`: it is not shown as it is typed; where nobody can be asked, standard input is the answer. */
  ask(question: string, how?: { readonly hidden: boolean }): Promise<string>;
  /** A bar on a terminal, lines elsewhere; on standard error. */
  progress(label: string, total: number): Progress;
};

/** This process: answers go to standard output, all else to standard error. */
export const processIo = (): Io => ({
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
  columns: process.stdout.columns,
  now: () => new Date(),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  ask: (question, { hidden } = { hidden: false }) => {
    if (!hidden) return askAt(process.stderr, question);
    if (process.stdin.isTTY !== true) return text(process.stdin);
    process.stderr.write(question);
    return askAt(nowhere(), '', { terminal: true }).finally(() => process.stderr.write('\n'));
  },
  progress: (label, total) =>
    process.stderr.isTTY
      ? progressBar(label, total, process.stderr)
      : progressLines(label, total, (line) => void process.stderr.write(`${line}\n`)),
});

async function askAt(output: NodeJS.WritableStream, question: string, how: { terminal?: boolean } = {}): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output, ...how });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

/** What is typed is shown by whoever writes it out. */
const nowhere = (): NodeJS.WritableStream => new Writable({ write: (_chunk, _encoding, done) => done() });
