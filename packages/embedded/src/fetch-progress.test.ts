import { describe, expect, it } from '@jest/globals';
import { progressLines } from './fetch-progress.ts';

describe('the progress of a download, without a terminal', () => {
  it('is a line at the start, at each quarter and at the end, however often it is told', () => {
    const lines: string[] = [];
    const progress = progressLines((line) => lines.push(line));
    for (let percent = 0; percent <= 100; percent += 1) progress.update(percent * 1e6, 100e6);
    expect(lines.map((line) => Number(/(\d+) of 100 MB/.exec(line)?.[1]))).toEqual([0, 25, 50, 75, 100]);
  });
});
