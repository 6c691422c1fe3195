import { expect, it } from '@jest/globals';
import { forbidden, leaksIn } from './leaks.ts';

it.each(forbidden.map((kind) => [kind.what, kind.example] as const))(
  '%s is found in a line of a log, and not told again',
  (what, example) => {
    const log = `{"level":"info"}\n{"level":"warn","reason":"about ${example} and more"}\n`;
    const leaks = leaksIn(log);
    expect(leaks).toContainEqual({ line: 2, what, excerpt: expect.stringContaining('█') });
    for (const { what: kind, excerpt } of leaks) if (kind === what) expect(excerpt).not.toContain(example);
  },
);

it('a secret that a run made up is found', () => {
  expect(leaksIn('key x+y.z* is', ['x+y.z*'])).toMatchObject([{ line: 1, what: 'a secret that was made up' }]);
  expect(leaksIn('key xxyyz is', ['x+y.z*'])).toEqual([]);
});

it.each([
  [
    '{"level":"info","time":"2026-11-28T01:40:00.000Z","service":"identity","topic":"whatsapp.inbound.v1","partition":3,"records":500,"applied":2,"duration_ms":12.5,"msg":"batch"}',
  ],
  ['{"method":"POST","route":"/webhook","status":200,"outcome":"kept","webhook":"0f0f0f0f0f0f","events":1,"bytes":1795132800}'],
  ['{"contactId":"01994915-2090-7000-8000-4915209000001"}'],
  ['stop and page: … has no record 1795132800000: 12 records are gone'],
  ['waId 491*******34 is masked'],
])('what a log is there for is no leak: %s', (line) => expect(leaksIn(line)).toEqual([]));
