import { describe, expect, it } from '@jest/globals';
import { settingFlags, sharedBuffers } from './postgres-settings.ts';

const GB = 2 ** 30;

describe('the settings of the database', () => {
  it('open no port to other machines, and keep rows out of the log', () => {
    expect(settingFlags(1, {})).toEqual(
      expect.arrayContaining(['listen_addresses=127.0.0.1', 'port=1', 'unix_socket_directories=', 'log_min_error_statement=panic']),
    );
  });

  it('give way to those that are asked for', () => {
    const flags = settingFlags(1, { shared_buffers: '16MB' });
    expect(flags.filter((flag) => flag.startsWith('shared_buffers='))).toEqual(['shared_buffers=16MB']);
  });

  it.each([
    ['an eighth of the memory', 4 * GB, '512MB'],
    ['no more than it can use well', 64 * GB, '1024MB'],
    ['no less than PostgreSQL would take by itself', GB / 2, '128MB'],
  ])('keep at hand %s', (_guarantee, memory, expected) => {
    expect(sharedBuffers(memory)).toBe(expected);
  });
});
