import { expect, it } from '@jest/globals';
import { progressLines } from './progress.ts';

it('lines come at the start, with each tenth and at the end, however often it is told', () => {
  const said: string[] = [];
  const progress = progressLines('Read again', 40, (line) => void said.push(line));
  for (const done of [0, 0, 1, 2, 3, 4, 5, 39, 39, 40, 40]) progress.update(done);
  expect(said).toEqual(['0 of 40', '4 of 40', '39 of 40', '40 of 40'].map((text) => `Read again: ${text}`));
});
