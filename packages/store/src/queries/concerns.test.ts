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
  webhooks: { lastAt: ago(9_000), countedTo: ago(20), lastHour: 0, usualHour: 300, silence: null },
  asOf: AT,
};
const webhooks = (changes: Partial<HealthJson['webhooks']>) => ({ ...fine, webhooks: { ...fine.webhooks, ...changes } });
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
    'that nothing comes though much is usual, since when and what to look at first',
    webhooks({ silence: { since: ago(3_600), usual: 1_200 } }),
    [
      'Nothing has come from WhatsApp since 2026-03-01 11:00 UTC: 1,200 webhooks are usual in that time. Check first: That your webhook address answers from outside; in the Meta app dashboard, that the webhook is subscribed and the app is not restricted (keyturn doctor); metastatus.com',
    ],
  ],
  ['nothing of a line to which nothing ever came', webhooks({ lastAt: null, countedTo: null, usualHour: null }), []],
  ['nothing while webhooks were counted a moment ago', webhooks({ countedTo: ago(120) }), []],
  [
    'that nobody counts webhooks',
    webhooks({ countedTo: ago(121) }),
    [`webhooks have not been counted since ${ago(121)}, so nobody would be told if none came: the relay's log says why`],
  ],
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
