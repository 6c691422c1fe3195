import { describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';
import { adminEnv, kafkaEnv } from './shapes.ts';

const Env = z.object({
  SECRET: z.string().min(8, 'must be at least 8 characters long'),
  TIMEOUT_MS: z.coerce.number({ error: 'must be a number' }).positive('must be more than 0').default(100),
});
const readFile = (path: string): string => {
  if (path === '/run/secret') return 'from a file\n';
  if (path === '/run/empty') return '\n';
  throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
};
const faultsOf = (env: NodeJS.ProcessEnv): unknown => {
  try {
    return parseEnv(Env, env, readFile);
  } catch (error) {
    return error instanceof AppError && error.code === 'config.invalid' ? error.message : error;
  }
};

describe('parseEnv', () => {
  it.each([
    ['takes values and defaults', { SECRET: 'long enough' }, { SECRET: 'long enough', TIMEOUT_MS: 100 }],
    ['takes a file, without the white space around it', { SECRET_FILE: '/run/secret' }, { SECRET: 'from a file', TIMEOUT_MS: 100 }],
    ['counts an empty value as not set', { SECRET: 'long enough', TIMEOUT_MS: '' }, { SECRET: 'long enough', TIMEOUT_MS: 100 }],
    [
      'counts an empty file as not set',
      { SECRET: 'long enough', TIMEOUT_MS_FILE: '/run/empty' },
      { SECRET: 'long enough', TIMEOUT_MS: 100 },
    ],
    ['leaves out what it does not know', { SECRET: 'long enough', HOME: '/root' }, { SECRET: 'long enough', TIMEOUT_MS: 100 }],
  ])('%s', (_guarantee, env, expected) => expect(parseEnv(Env, env, readFile)).toEqual(expected));

  it.each([
    ['a missing one names its way out', {}, /SECRET is missing: set it, or SECRET_FILE/],
    ['one whose file is empty', { SECRET_FILE: '/run/empty' }, /SECRET is missing: set it, or SECRET_FILE/],
    ['a value and a file', { SECRET: 'long enough', SECRET_FILE: '/run/secret' }, /SECRET is set, and so is SECRET_FILE: keep one/],
    ['a file that is not there', { SECRET_FILE: '/gone' }, /SECRET_FILE can't be read \(ENOENT\)/],
    ['every fault at once', { SECRET: 'short', TIMEOUT_MS: 'soon' }, /SECRET must be at least 8.*TIMEOUT_MS must be a number/],
  ])('names %s', (_case, env, message) => expect(faultsOf(env)).toMatch(message));

  it('never shows a value: it may be a secret', () => expect(faultsOf({ SECRET: 'hunter2' })).not.toMatch(/hunter2/));
});

describe('the shapes', () => {
  const parse = (env: NodeJS.ProcessEnv) => parseEnv(z.object({ ...kafkaEnv, ...adminEnv }), env);
  it('have defaults for all but the brokers', () => {
    expect(parse({ KAFKA_BROKERS: 'a:9092, b:9092' })).toEqual({
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      KAFKA_PREFIX: '',
      KAFKA_TLS: false,
      ADMIN_PORT: 9464,
      SHUTDOWN_TIMEOUT_MS: 10_000,
    });
  });
  it.each([
    ['a broker without a port', { KAFKA_BROKERS: 'kafka' }],
    ['an underscore in the prefix', { KAFKA_BROKERS: 'a:9092', KAFKA_PREFIX: 'a_b' }],
    ['a port that can not be', { KAFKA_BROKERS: 'a:9092', ADMIN_PORT: '70000' }],
    ['a flag that is neither', { KAFKA_BROKERS: 'a:9092', KAFKA_TLS: 'yes' }],
  ])('refuse %s', (_case, env) => expect(() => parse(env)).toThrow(expect.objectContaining({ code: 'config.invalid' })));
});
