import { describe, expect, it } from '@jest/globals';
import { createLog } from './log.ts';

function lines(level?: string) {
  const written: string[] = [];
  const log = createLog('contact', { ...(level ? { level } : {}), to: { write: (line) => void written.push(line) } });
  return { log, read: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('createLog', () => {
  it('writes one JSON line with service, level and time', () => {
    const { log, read } = lines();
    log.info({ n: 1 }, 'hello');
    expect(read()).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'contact', n: 1, msg: 'hello' }]);
  });
  it('leaves out the secrets of headers', () => {
    const { log, read } = lines();
    const headers = { authorization: 'Bearer s3cret', 'x-hub-signature-256': 's3cret', 'x-api-key': 's3cret', accept: '*/*' };
    log.info({ headers, req: { headers } }, 'request');
    expect(JSON.stringify(read())).not.toContain('s3cret');
    expect(read()[0]).toMatchObject({ headers: { accept: '*/*' } });
  });
  it('keeps quiet below its level, and takes an unknown level for info', () => {
    const [quiet, odd] = [lines('error'), lines('loud')];
    for (const { log } of [quiet, odd]) {
      log.debug('d');
      log.info('i');
    }
    expect([quiet.read().length, odd.read().length]).toEqual([0, 1]);
  });
});
