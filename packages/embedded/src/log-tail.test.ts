import { describe, expect, it } from '@jest/globals';
import { lastWords } from './log-tail.ts';

describe('the last words of a server', () => {
  it.each([
    ['trouble, without its stack', 'INFO up\nERROR no disk (X)\n\tat a.b(C.java:1)\n\t... 2 more\nINFO bye', 'ERROR no disk (X)'],
    ['the end, when nothing speaks of trouble', 'one\ntwo\nthree\nfour\n', 'two | three | four'],
    ['the last of much trouble', 'ERROR 1\nERROR 2\nERROR 3\nCaused by: 4', 'ERROR 2 | ERROR 3 | Caused by: 4'],
    ['a word of PostgreSQL', '2026 UTC [1] LOG:  starting\n2026 UTC [1] FATAL:  lock file exists', '2026 UTC [1] FATAL:  lock file exists'],
    ['nothing, when it said nothing', '\n\n', ''],
  ])('are %s', (_what, log, words) => {
    expect(lastWords(log)).toBe(words);
  });
});
