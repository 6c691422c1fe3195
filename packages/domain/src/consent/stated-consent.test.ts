import { expect, it } from '@jest/globals';
import type { ConsentRequest } from '@keyturn/contracts';
import type { Holding } from '../slice.ts';
import { heldAt, impossibleAt, statedFact } from './stated-consent.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

it.each([
  ['now', '2026-03-01T12:00:00Z', true],
  ['a second from now: it would outrank a stop that comes in between', '2026-03-01T12:00:01Z', false],
  ['the year 3000', '3000-01-01T00:00:00Z', false],
  ['years ago', '2012-03-01T12:00:00Z', true],
  ['the first second of 2009', '2009-01-01T00:00:00Z', true],
  ['1970, which is what a missing date becomes', '1970-01-01T00:00:00Z', false],
])('somebody can have said so at %s: %s is %p', (_when, occurredAt, can) => expect(impossibleAt(occurredAt, NOW) === null).toBe(can));

const said: ConsentRequest = {
  ...{ kind: 'explicit', source: 'web_form', occurredAt: '2026-03-01T12:00:00Z' },
  categories: ['utility', 'marketing'],
  evidence: { url: 'https://shop.example', box: 3 },
};
it('the same words in another order are the same fact', () => {
  const other = { ...said, categories: ['marketing', 'utility', 'marketing'], evidence: { box: 3, url: 'https://shop.example' } } as const;
  expect(JSON.stringify(statedFact({ ...other, categories: [...other.categories] }))).toBe(JSON.stringify(statedFact(said)));
});

const [ever, end] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const changedAt100: readonly Holding[] = [
  { identifier: 'u:a:1', from: ever, to: end },
  { identifier: 'w:1', from: ever, to: 100 },
  { identifier: 'w:2', from: 100, to: end },
];
it.each<[string, readonly Holding[], number, string | null]>([
  ['a number before an id', changedAt100, 50, 'w:1'],
  ['the number of then, not of now', changedAt100, 99, 'w:1'],
  ['a new number from its first second on', changedAt100, 100, 'w:2'],
  [
    'an id where there was no number',
    [
      { identifier: 'p:a:1', from: ever, to: end },
      { identifier: 'u:a:1', from: ever, to: end },
    ],
    1,
    'u:a:1',
  ],
  ['nothing before it held anything', [{ identifier: 'w:2', from: 100, to: end }], 99, null],
  ['nothing after it lost all', [{ identifier: 'w:1', from: ever, to: 100 }], 100, null],
])('what a contact said is kept under %s', (_what, holdings, at, identifier) => expect(heldAt(holdings, at)).toBe(identifier));
