import { expect, it } from '@jest/globals';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { exact, relative } from './when.ts';

const NOW = new Date('2026-03-03T03:12:09Z');

it.each([
  ['2026-03-03T03:12:09Z', 'now'],
  ['2026-03-03T03:12:08Z', '1 s ago'],
  ['2026-03-03T02:58:09Z', '14 min ago'],
  ['2026-03-03T01:12:10Z', '1 h ago'],
  ['2026-03-01T03:12:09Z', '2 d ago'],
  ['2026-03-03T04:12:09Z', 'in 1 h'],
])('%s is %s', (instant, words) => expect(relative(instant, NOW)).toBe(words));

it('the exact instant has no fractions and says that it is UTC', () => {
  expect(exact('2026-03-03T02:58:09.000Z')).toBe('2026-03-03 02:58:09Z');
  expect(exact('2026-03-03T02:58:09Z')).toBe('2026-03-03 02:58:09Z');
});

it('columns are as wide as they need, and nothing trails', () => {
  expect(
    table(
      ['A', 'BB', 'C'],
      [
        ['aaa', 'b', ''],
        ['a', 'b', 'c c'],
      ],
    ),
  ).toEqual(['A    BB  C', 'aaa  b', 'a    b   c c']);
});

it('on a phone a row that is too wide is a block, its first column at the top; what fits stays a row', () => {
  const [heading, rows] = [
    ['BLOCKED', 'WHO', 'WHAT'],
    [
      ['4 min ago', '+966501234567', 'key changed · send failed (137000)'],
      ['1 h ago', 'nobody', ''],
    ],
  ];
  expect(table(heading, rows, 40)).toEqual([
    '4 min ago',
    '  who +966501234567',
    '  what key changed · send failed (137000)',
    '',
    '1 h ago',
    '  who nobody',
  ]);
  expect(table(heading, rows, 69)).toHaveLength(3);
  expect(table(heading, rows, 70)).toHaveLength(3);
});

it('text of others loses what moves a terminal, and keeps what people write', () => {
  expect(plain('\u001b[31mرانيا\u202e Ü\u0000\n🙂')).toBe('[31mرانيا Ü🙂');
});
