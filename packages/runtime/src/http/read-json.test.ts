import { expect, it } from '@jest/globals';
import { parseJson } from './read-json.ts';

const codeOf = (bytes: Buffer): string => {
  try {
    parseJson(bytes);
    return 'read';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

it.each<[what: string, body: string | number[], outcome: string]>([
  ['a plain text', '{"a": "Hello"}', 'read'],
  ['a pair that is escaped', String.raw`{"a": "\ud83d\ude00"}`, 'read'],
  ['a backslash before what looks like an escape', String.raw`{"a": "\\u0000"}`, 'read'],
  ['NUL, escaped', String.raw`{"a": "\u0000"}`, 'request.invalid'],
  ['NUL, escaped, deep within', String.raw`{"a": [{"b": ["x", "y\u0000"]}]}`, 'request.invalid'],
  ['NUL as it is', '{"a": "\0"}', 'request.malformed'],
  ['half of a pair, escaped', String.raw`{"a": "\uD800"}`, 'request.invalid'],
  ['half of a pair beside another half', String.raw`{"a": "\ude00\ud83d"}`, 'request.invalid'],
  ['NUL, escaped, in a long text', `{"a": "${'x'.repeat(4_000)}\\u0000"}`, 'request.invalid'],
  ['a long text', `{"a": "${'x'.repeat(4_000)}"}`, 'read'],
  ['brackets, 1,000 deep', '['.repeat(1_000) + ']'.repeat(1_000), 'read'],
  ['brackets, 32,000 deep', '['.repeat(32_000) + ']'.repeat(32_000), 'request.malformed'],
  ['half of a pair in bytes', [0x22, 0xed, 0xa0, 0x80, 0x22], 'request.malformed'],
])('of a body nothing comes in that can’t be kept: %s', (_, body, outcome) => {
  expect(codeOf(Buffer.from(body as string))).toBe(outcome);
});
