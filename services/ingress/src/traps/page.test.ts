import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const TRAPS = 50;
/** More may not apply. */
const NOT_APPLYING_MAX = 5;
const page = readFileSync(new URL('../../../../docs/traps.md', import.meta.url), 'utf8');
const lines = new Map([...page.matchAll(/^\| (\d+) \| (.+) \| .+ \|$/gm)].map(([, trap, guarded]) => [Number(trap), guarded ?? '']));
/** Here, and where what guards is no webhook's way. */
const folders = ['.', '../../../gate/src', '../../../../packages/store/src/outbound'].map(
  (folder) => new URL(`${folder}/`, import.meta.url),
);
const tests = folders
  .flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)))
  .filter(({ pathname }) => pathname.endsWith('.test.ts'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('');
const isTested = (trap: number) => tests.includes(`'trap ${String(trap).padStart(2, '0')}: `);

it.each(Array.from({ length: TRAPS }, (_, i) => [i + 1]))('trap %i has its line, and a test unless the line says why not', (trap) => {
  const line = lines.get(trap) ?? '';
  const isLeftOut = line.startsWith('Does not apply:');
  expect([line === '', isTested(trap)]).toEqual([false, !isLeftOut]);
});
it('five at most do not apply', () =>
  expect([...lines.values()].filter((line) => line.startsWith('Does not apply:')).length).toBeLessThanOrEqual(NOT_APPLYING_MAX));
