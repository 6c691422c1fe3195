import { createInterface } from 'node:readline/promises';
import { type Progress, progressBar, progressLines } from './text/progress.ts';

/** The world as a command sees it. */
export type Io = {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Somebody can be asked. */
  readonly interactive: boolean;
  readonly colors: boolean;
  now(): Date;
  out(line: string): void;
  err(line: string): void;
  ask(question: string): Promise<string>;
  /** A bar on a terminal, lines elsewhere; on standard error. */
  progress(label: string, total: number): Progress;
};

/** This process: answers go to standard output, all else to standard error. */
export const processIo = (): Io => ({
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  colors: process.stdout.isTTY === true && !process.env.NO_COLOR,
  now: () => new Date(),
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  async ask(question) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  },
  progress: (label, total) =>
    process.stderr.isTTY
      ? progressBar(label, total, process.stderr)
      : progressLines(label, total, (line) => void process.stderr.write(`${line}\n`)),
});
