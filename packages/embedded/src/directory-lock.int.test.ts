import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lockDirectory } from './directory-lock.ts';
import { otherProcess, removeTestDirs, testDir } from './testing.ts';

afterAll(removeTestDirs);

describe('the lock of a directory', () => {
  it('keeps a second process out with one line, and is taken over once the holder was killed', async () => {
    const dir = testDir();
    const holder = await otherProcess<number>(`embedded.lockDirectory(${JSON.stringify(dir)}); tell(process.pid);`);
    const refused = `${dir} is in use by another keyturn (process ${holder.told}). Stop it first, or give this one a directory of its own with KEYTURN_EMBEDDED_DIR.`;
    expect(() => lockDirectory(dir)).toThrow(refused);
    await holder.kill9();
    lockDirectory(dir).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is not held by what a power cut left of it, nor by a process that only has the number of the holder', () => {
    const dir = testDir();
    writeFileSync(path.join(dir, 'lock'), '');
    lockDirectory(dir).release();
    writeFileSync(path.join(dir, 'lock'), JSON.stringify({ pid: process.ppid, startedAt: 'another time' }));
    lockDirectory(dir).release();
    expect(existsSync(path.join(dir, 'lock'))).toBe(false);
  });

  it('names the directory that can not be made, and the variable', () => {
    const file = path.join(testDir(), 'file');
    writeFileSync(file, '');
    expect(() => lockDirectory(path.join(file, 'below'))).toThrow(
      `${file}/below can't be written to (ENOTDIR). Make room or access there, or choose another folder with KEYTURN_EMBEDDED_DIR.`,
    );
  });

  it('makes the directory', () => {
    const dir = path.join(testDir(), 'a', 'b');
    lockDirectory(dir).release();
    expect(existsSync(dir)).toBe(true);
  });
});
