import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@keyturn/contracts';
import { otlpReceiver, testLog } from '@keyturn/testkit';
import { startTracing, tracesAskedFor } from './start-tracing.ts';
import { trace } from './trace.ts';

const log = testLog();
const before = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('OTEL_')) delete process.env[name];
  Object.assign(process.env, before);
});

it.each([
  ['nothing is asked for', {}, null],
  ['an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, 'http/protobuf'],
  ['an endpoint of traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, 'http/protobuf'],
  ['the exporter by name, with its own default endpoint', { OTEL_TRACES_EXPORTER: 'otlp' }, 'http/protobuf'],
  ['JSON', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http/json'],
  [
    'JSON for traces alone',
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
    },
    'http/json',
  ],
  ['an endpoint, and no traces', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_TRACES_EXPORTER: 'none' }, null],
  ['an endpoint, and the whole of it off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'TRUE' }, null],
])('%s', (_asked, env, expected) => {
  expect(tracesAskedFor(env)).toBe(expected);
});

it.each([
  ['OTEL_TRACES_EXPORTER', { OTEL_TRACES_EXPORTER: 'zipkin' }],
  ['OTEL_EXPORTER_OTLP_PROTOCOL', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
])('what is not there stops the start, by the name of its variable: %s', (variable, env) => {
  expect(() => tracesAskedFor(env)).toThrow(AppError);
  expect(() => tracesAskedFor(env)).toThrow(new RegExp(variable));
});

it('nothing of OpenTelemetry’s SDK is loaded while nobody asks for traces', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { createLog, startTracing } = await import('@keyturn/runtime');
    await startTracing({ ...JSON.parse(process.argv[1]) }, createLog('test', { level: 'silent' }));
    console.log(loaded.filter((url) => /@opentelemetry\\/(sdk|exporter|core|resources)/.test(url)).length);
    process.exit();`;
  const loadedWith = (env: object) =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program, JSON.stringify(env)], { cwd: import.meta.dirname }));
  expect(loadedWith({})).toBe(0);
  expect(loadedWith({ OTEL_TRACES_EXPORTER: 'otlp' })).toBeGreaterThan(0);
});

describe('spans', () => {
  it('are not made while nobody asked, and work runs as if they were not there', async () => {
    await startTracing({}, log);
    const options = () => {
      throw new Error('options were made');
    };
    expect(trace.open('a', options)).toBeNull();
    expect(await trace.within('a', options, async () => trace.parent() ?? 'no parent')).toBe('no parent');
    expect(trace.logFields()).toEqual({});
  });

  it('go out as JSON, with parent, links, failure and resource; a step of nothing is none', async () => {
    const receiver = await otlpReceiver();
    const asked = {
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
      ...{ OTEL_SERVICE_NAME: 'keyturn-test', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' },
    };
    Object.assign(process.env, asked);
    const { stop } = await startTracing(process.env, log);
    const origin = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await trace.step('alone', async () => {});
    await trace.within(
      'outer',
      () => ({ kind: 'consumer', parent: origin, links: [origin, 'no traceparent'], attributes: { n: 3 } }),
      () =>
        trace.step('inner', async () => {
          expect(trace.parent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
          expect(trace.logFields()).toMatchObject({ trace_id: '0af7651916cd43dd8448eb211c80319c' });
        }),
    );
    await trace
      .within(
        'failing',
        () => ({ parent: 'no traceparent' }),
        () => Promise.reject(new AppError('store.unavailable', 'about +4915112345678')),
      )
      .catch(() => {});
    await stop();
    const [inner, outer, failing] = ['inner', 'outer', 'failing'].map((name) => receiver.spans.find((span) => span.name === name));
    expect(receiver.spans).toHaveLength(3);
    expect(outer).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331', attributes: { n: 3 } });
    expect(outer?.links).toMatchObject([{ spanId: 'b7ad6b7169203331' }]);
    expect(outer?.resource).toMatchObject({ 'service.name': 'keyturn-test', 'deployment.environment.name': 'test' });
    expect(inner?.parentSpanId).toBe(outer?.spanId);
    expect(failing).toMatchObject({ failed: true, parentSpanId: '' });
    expect(String(receiver.requests.map(({ body }) => body))).not.toContain('4915112345678');
    expect(trace.isOn()).toBe(false);
    await receiver.close();
  });

  it('go out as protobuf unless told otherwise; a receiver that is away holds nobody up', async () => {
    const receiver = await otlpReceiver();
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
    const { stop } = await startTracing(process.env, log);
    await trace.within(
      'a-span-by-name',
      () => ({}),
      async () => {},
    );
    await stop();
    expect(receiver.requests.map(({ path, type }) => `${path} ${type}`)).toEqual(['/v1/traces application/x-protobuf']);
    expect(String(receiver.requests[0]?.body)).toContain('a-span-by-name');
    await receiver.close();
    process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '300';
    const again = await startTracing(process.env, log);
    await trace.within(
      'lost',
      () => ({}),
      async () => {},
    );
    const startedAt = performance.now();
    await again.stop();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
