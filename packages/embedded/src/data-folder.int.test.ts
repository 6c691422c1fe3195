import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { markReady, prepareFolder } from './data-folder.ts';
import { removeTestDirs, testDir } from './testing.ts';

afterAll(removeTestDirs);

describe('the folder of a server', () => {
  const folder = () => path.join(testDir(), 'server');
  const prepare = (dir: string, lines: string[] = []) =>
    prepareFolder(dir, {
      what: 'Server',
      proof: 'proof',
      say: (line) => lines.push(line),
      make: async () => writeFileSync(path.join(dir, 'proof'), ''),
    });

  it('is made anew when its making was interrupted, even after the proof stood', async () => {
    const dir = folder();
    mkdirSync(dir);
    writeFileSync(path.join(dir, 'proof'), '');
    writeFileSync(path.join(dir, 'half'), '');
    const lines: string[] = [];
    await prepare(dir, lines);
    expect([existsSync(path.join(dir, 'half')), existsSync(path.join(dir, 'proof'))]).toEqual([false, true]);
    expect(lines).toEqual([`Setting up Server in ${dir}, anew: the last time was interrupted`]);
  });

  it('is kept once it was ready', async () => {
    const dir = folder();
    await prepare(dir);
    markReady(dir);
    writeFileSync(path.join(dir, 'data'), '');
    await prepare(dir);
    expect(existsSync(path.join(dir, 'data'))).toBe(true);
  });

  it('is refused and left alone when it was ready and has lost its data', async () => {
    const dir = folder();
    await prepare(dir);
    markReady(dir);
    writeFileSync(path.join(dir, 'data'), '');
    rmSync(path.join(dir, 'proof'));
    await expect(prepare(dir)).rejects.toThrow(`${dir} has lost proof, so the embedded Server can't read its data. Put it back`);
    expect(existsSync(path.join(dir, 'data'))).toBe(true);
  });
});
