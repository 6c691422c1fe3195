import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { embeddedSecrets, storeSecrets } from './secrets.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'keyturn-secrets-'));
});
afterEach(() => rmSync(dir, { recursive: true }));
const inDir = (name: string) => path.join(dir, name);

describe('the secrets of an embedded instance', () => {
  it('made up once, stay; one that is set outranks the stored one and replaces it', () => {
    const made = embeddedSecrets(dir, {});
    storeSecrets(dir, made);
    expect(embeddedSecrets(dir, {})).toEqual(made);
    const given = { ...made, WHATSAPP_APP_SECRET: 'another' };
    expect(embeddedSecrets(dir, { WHATSAPP_APP_SECRET: 'another' })).toEqual(given);
    storeSecrets(dir, given);
    expect(embeddedSecrets(dir, {})).toEqual(given);
    expect(statSync(inDir('secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('that can’t be written leave those of before as they are', () => {
    const made = embeddedSecrets(dir, {});
    storeSecrets(dir, made);
    mkdirSync(inDir('secrets.json.new')); // whoever writes gets EISDIR, as it would ENOSPC
    expect(() => storeSecrets(dir, { ...made, WHATSAPP_APP_SECRET: 'another' })).toThrow();
    expect(embeddedSecrets(dir, {})).toEqual(made);
  });

  it.each<[string, () => NodeJS.ProcessEnv, RegExp]>([
    [
      'a file of one that is not there',
      () => ({ WHATSAPP_APP_SECRET_FILE: '/nowhere/secret' }),
      /WHATSAPP_APP_SECRET_FILE can't be read \(ENOENT\)/,
    ],
    ['one that is set twice', () => ({ KEYTURN_TOKEN_KEY: 'a', KEYTURN_TOKEN_KEY_FILE: '/b' }), /KEYTURN_TOKEN_KEY is set, and so is/],
    ['a store cut short', () => stored('{"WHATSAPP_APP_SECRET": "hunter2hunter2'), /secrets\.json can't be read.*backup/],
    ['a store of something else', () => stored('{"WHATSAPP_APP_SECRET": 7}'), /secrets\.json can't be read.*backup/],
  ])('say the way out of %s, and show nothing of it', (_what, env, says) => {
    const given = env();
    const read = () => embeddedSecrets(dir, given);
    expect(read).toThrow(AppError);
    expect(read).toThrow(says);
    expect(read).not.toThrow(/hunter2/);
  });
  const stored = (content: string): NodeJS.ProcessEnv => {
    writeFileSync(inDir('secrets.json'), content);
    return {};
  };
});
