import { expect, it } from '@jest/globals';
import type { Normalized } from '@keyturn/normalize';
import { byPerson } from './by-person.ts';

const pieces = (keys: string, max: number) =>
  [
    ...byPerson(
      [...keys].map((key, i) => ({ key, facets: [], event: { id: `${key}${i}` } }) as unknown as Normalized),
      max,
    ),
  ].map((piece) => piece.map(({ event }) => event.id).join(' '));

it.each<[string, string, number, string[]]>([
  ['nothing', '', 2, []],
  ['what fits together goes together', 'ab', 2, ['a0 b1']],
  ['a person who comes again is put to the rest of theirs, in order', 'abca', 2, ['a0 a3', 'b1 c2']],
  ['a person is never divided', 'aaab', 2, ['a0 a1 a2', 'b3']],
  ['a person who does not fit goes to the next', 'abb', 2, ['a0', 'b1 b2']],
])('%s', (_what, keys, max, expected) => expect(pieces(keys, max)).toEqual(expected));
