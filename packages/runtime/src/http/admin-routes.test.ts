import { describe, expect, it } from '@jest/globals';
import { httpRoutes } from '@keyturn/contracts';
import { wrongWithAnswer } from '@keyturn/testkit/check-answer';
import { createLog } from '../log.ts';
import { metrics } from '../metrics.ts';
import { adminRoutes } from './admin-routes.ts';
import { createApp } from './create-app.ts';
import { listen } from './listen.ts';
import { servedRoutes } from './served-routes.ts';

const service = (name: string, ...reasons: string[]) => ({ name, notReady: async () => reasons });
async function ask(path: string, services: Parameters<typeof adminRoutes>[0]['services']): Promise<{ status: number; text: string }> {
  const app = createApp({ log: createLog('test', { level: 'silent' }), routes: [adminRoutes({ services })] });
  const server = await listen(app, { port: 0, host: '127.0.0.1' });
  const response = await fetch(server.url + path);
  const answer = { status: response.status, text: await response.text() };
  await server.close();
  expect(wrongWithAnswer('GET', path, { ...answer, contentType: response.headers.get('content-type') })).toEqual([]);
  return answer;
}

describe('adminRoutes', () => {
  it('are those that the published document has', () => {
    const served = servedRoutes(adminRoutes({ services: [] }));
    expect(served.map(({ route }) => route)).toEqual(httpRoutes.admin.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
  });
  it.each([
    ['all can do their job', [service('a'), service('b')], 200, { ready: true, notReady: {} }],
    ['one can not', [service('a'), service('b', 'no database')], 503, { ready: false, notReady: { b: ['no database'] } }],
    ['nothing has started', [], 503, { ready: false, notReady: {} }],
    [
      'one can not say',
      [{ name: 'a', notReady: () => Promise.reject(new Error('secret')) }],
      503,
      { ready: false, notReady: { a: ['could not say whether it is ready'] } },
    ],
  ])('readyz: %s', async (_case, services, status, body) => {
    const answer = await ask('/readyz', services);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, body]);
  });
  it('healthz is 200 while the process lives, ready or not', async () =>
    expect((await ask('/healthz', [service('a', 'no')])).status).toBe(200));
  it('metrics shows what was counted, and the same name is the same metric', async () => {
    metrics.counter('keyturn_test_total', 'A test.', ['kind']).inc({ kind: 'a' });
    metrics.counter('keyturn_test_total', 'A test.', ['kind']).inc({ kind: 'a' });
    expect((await ask('/metrics', [])).text).toMatch(/keyturn_test_total\{kind="a"\} 2/);
  });
});
