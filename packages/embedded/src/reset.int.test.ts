import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { lockDirectory } from './directory-lock.ts';
import { resetEmbedded } from './reset.ts';
import { removeTestDirs, testDir } from './testing.ts';

afterAll(removeTestDirs);

describe('a reset', () => {
  const filled = () => {
    const dir = testDir();
    for (const folder of ['kafka', 'postgres']) mkdirSync(path.join(dir, folder, 'data'), { recursive: true });
    for (const file of ['kafka.log', 'postgres.log', 'secrets.json']) writeFileSync(path.join(dir, file), '');
    return dir;
  };

  it('removes the directory, and has nothing to do the second time', async () => {
    const dir = filled();
    await resetEmbedded(dir, () => undefined);
    await resetEmbedded(dir, () => undefined);
    expect(existsSync(dir)).toBe(false);
  });

  it('leaves what is not ours, and says so', async () => {
    const dir = filled();
    writeFileSync(path.join(dir, 'thesis.txt'), '');
    const lines: string[] = [];
    await resetEmbedded(dir, (line) => lines.push(line));
    expect(existsSync(path.join(dir, 'thesis.txt'))).toBe(true);
    expect(lines).toEqual([`${dir} stays, for what in it is not keyturn's: thesis.txt`]);
  });

  it('is refused while a keyturn uses the directory', async () => {
    const dir = filled();
    const lock = lockDirectory(dir);
    await expect(resetEmbedded(dir, () => undefined)).rejects.toThrow(`${dir} is in use by another keyturn`);
    expect(existsSync(path.join(dir, 'kafka', 'data'))).toBe(true);
    lock.release();
  });
});
