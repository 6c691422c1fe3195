import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, file), 'utf8');
const rules = globSync('*.css', { cwd: import.meta.dirname }).flatMap((file) => read(file).split('}'));

it('red says blocked, and nothing else', () => {
  const red = rules.filter((rule) => rule.includes('var(--blocked'));
  expect(red.length).toBeGreaterThan(0);
  for (const rule of red) expect(rule.slice(0, rule.indexOf('{'))).toMatch(/blocked/);
});

const colours = new Map(
  [...read('tokens.css').matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, ...both]) => [name ?? '', both]),
);
const contrast = (one: string, other: string) => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('in the %s', (_theme, of) => {
  it.each(['text', 'text-quiet', 'accent', 'bad', 'blocked'])('words in %s are read on every ground that they stand on', (words) => {
    const soft = words === 'blocked' ? ['blocked-soft'] : ['accent-soft', 'warn-soft'];
    for (const ground of ['ground', 'raised', ...soft])
      expect([ground, contrast(colours.get(words)?.[of] ?? '', colours.get(ground)?.[of] ?? '') >= 4.5]).toEqual([ground, true]);
  });
});
