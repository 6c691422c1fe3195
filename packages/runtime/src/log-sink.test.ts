import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { gathering } from './log-sink.ts';

function sink() {
  const writes: string[] = [];
  return { writes, ...gathering({ write: (text) => void writes.push(text) }) };
}

describe('gathering', () => {
  it('makes one write of the lines of one turn, in order, before the next', async () => {
    const { writes, write } = sink();
    for (const line of ['a\n', 'b\n', 'c\n']) write(line);
    expect(writes).toEqual([]);
    await setImmediate();
    write('d\n');
    await setImmediate();
    await setImmediate();
    expect(writes).toEqual(['a\nb\nc\n', 'd\n']);
  });
  it('writes at once when asked, and what has become much', () => {
    const { writes, write, flushSync } = sink();
    write('a\n');
    flushSync();
    flushSync();
    write('x'.repeat(70_000));
    expect(writes.map(({ length }) => length)).toEqual([2, 70_000]);
  });
});

describe('the log of a process', () => {
  it.each([
    ['it ends', 'process.exitCode = 0'],
    ['it exits in the same turn', 'process.exit(0)'],
    ['nobody catches an error', 'throw new Error("a defect")'],
  ])('has its last line, on standard output and in a file, when %s', (_case, end) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-log-'));
    const file = path.join(dir, 'made', 'lines.log');
    const script = `import { createLog } from ${JSON.stringify(path.join(import.meta.dirname, 'log.ts'))};
      createLog('test').info('said'); createLog('other').info('said too'); ${end};`;
    const run = (env: NodeJS.ProcessEnv): string => {
      const options = {
        env: { ...process.env, ...env },
        encoding: 'utf8' as const,
        stdio: ['ignore' as const, 'pipe' as const, 'ignore' as const],
      };
      try {
        return execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], options);
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    const saidIn = (text: string) => [...text.matchAll(/"msg":"(said[^"]*)"/g)].map(([, said]) => said);
    expect(saidIn(run({ LOG_FILE: '' }))).toEqual(['said', 'said too']);
    run({ LOG_FILE: file });
    expect(saidIn(readFileSync(file, 'utf8'))).toEqual(['said', 'said too']);
    rmSync(dir, { recursive: true });
  });
});
