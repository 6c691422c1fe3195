import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { jarCache, jarName, readJarList } from './jars.ts';

describe('the files of the broker', () => {
  const { version, jars } = readJarList();

  it('are each listed once, with a length and a SHA-256', () => {
    expect(new Set(jars.map(jarName)).size).toBe(jars.length);
    for (const jar of jars) expect(jar).toMatchObject({ bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('hold the broker of the listed version', () => {
    expect(jars.map((jar) => jar.artifact)).toContain(`org.apache.kafka:kafka_2.13:${version}`);
  });

  it.each([
    ['the folder named', { KEYTURN_CACHE_DIR: '/named', XDG_CACHE_HOME: '/xdg' }, '/named/kafka-1'],
    ["the user's cache folder", { XDG_CACHE_HOME: '/xdg' }, '/xdg/keyturn/kafka-1'],
  ])('are kept in %s', (_where, env, folder) => {
    expect(jarCache(env, '1')).toBe(path.normalize(folder));
  });
});
