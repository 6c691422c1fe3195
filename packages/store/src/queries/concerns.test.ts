import { expect, it } from '@jest/globals';
import type { HealthJson } from '@keyturn/contracts';
import { concernsOf } from './concerns.ts';

const AT = '2026-03-01T12:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(AT) - seconds * 1_000).toISOString();
const fine: Omit<HealthJson, 'healthy' | 'concerns'> = {
  consumers: [{ group: 'identity', caughtUpAt: ago(1), behindSeconds: 1, logLost: false }],
  outbox: { waiting: 0, oldestAt: null },
  deadLetters: [],
  identityChanges: { open: 9_000, oldestSince: ago(1e6) },
  asOf: AT,
};
const behind = (behindSeconds: number) => ({
  ...fine,
  consumers: [{ group: 'identity', caughtUpAt: ago(behindSeconds), behindSeconds, logLost: false }],
});

it.each<[string, typeof fine, string[]]>([
  ['nothing, however many changes await a decision', fine, []],
  ['nothing while a consumer is only busy', behind(30), []],
  ['a consumer that is behind', behind(31), ['identity is 31 s behind']],
  [
    'a consumer that never caught up',
    { ...fine, consumers: [{ group: 'consent', caughtUpAt: null, behindSeconds: null, logLost: false }] },
    ['consent has not caught up yet'],
  ],
  [
    'a log that is lost, before all else',
    { ...fine, consumers: [{ group: 'contact', caughtUpAt: ago(90), behindSeconds: 90, logLost: true }] },
    ['contact has stopped: its log ends before what was applied from it', 'contact is 90 s behind'],
  ],
  [
    'a relay that is behind',
    { ...fine, outbox: { waiting: 7, oldestAt: ago(31) } },
    ['the relay is behind: the oldest of 7 records waits 31 s'],
  ],
  ['nothing while the relay is only busy', { ...fine, outbox: { waiting: 7, oldestAt: ago(30) } }, []],
  [
    'dead letters of all causes',
    {
      ...fine,
      deadLetters: [
        { group: 'a', code: 'x', open: 2, oldestAt: AT },
        { group: 'b', code: 'y', open: 1, oldestAt: AT },
      ],
    },
    ['3 dead letters wait for a decision'],
  ],
])('concerns: %s', (_what, health, concerns) => expect(concernsOf(health)).toEqual(concerns));
