import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LOG_BYTES_MAX = 5_000_000;
const WORDS_MAX = 3;

/** Opens a server's log to append to, the previous one set aside once it has grown large. Returns where this run's lines begin. */
export function openLog(file: string): { fd: number; from: number } {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
  const fd = openSync(file, 'a', 0o600);
  return { fd, from: fstatSync(fd).size };
}

/** What was written to a log since `from`, at most its first megabyte. */
export function readLog(file: string, from: number): string {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(fstatSync(fd).size - from, 1_000_000));
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, from));
  } finally {
    closeSync(fd);
  }
}

/** The lines of a log that say why a server died, in one line: the last three that speak of trouble, else the last ones at all. */
export function lastWords(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |\.\.\. \d+ more)/.test(line));
  const trouble = lines.filter((line) => /\b(ERROR|FATAL|PANIC|Exception|Error|Caused by|error:)/.test(line));
  return (trouble.length > 0 ? trouble : lines).slice(-WORDS_MAX).join(' | ');
}
