import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { forbidden, leaksIn } from './leaks.ts';

const CANARY = 'canary.log';

/** Searches all that a run logged for what must be in no log: answers one line for each file and kind. A search that does not find what is put before
 *  it is blind, and says so. */
export function searchLogs(folder: string): string[] {
  writeFileSync(path.join(folder, CANARY), forbidden.map(({ example }) => example).join('\n'));
  const secrets = path.join(folder, 'made-up-secrets');
  const made = existsSync(secrets) ? [...new Set(readFileSync(secrets, 'utf8').split('\n').filter(Boolean))] : [];
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ name, leaks: leaksIn(readFileSync(path.join(folder, name), 'utf8'), made) }));
  const seen = new Set(found.find(({ name }) => name === CANARY)?.leaks.map(({ what }) => what));
  const blind = forbidden.filter(({ what }) => !seen.has(what)).map(({ what }) => `the search of the logs does not see ${what}`);
  const real = found.filter(({ name }) => name !== CANARY);
  const leaks = real.flatMap(({ name, leaks: here }) => [...Map.groupBy(here, ({ what }) => what)].map((group) => told(name, ...group)));
  return [...blind, ...leaks];
}

function told(name: string, what: string, leaks: readonly { line: number; excerpt: string }[]): string {
  return `${name}:${leaks[0]?.line} has ${what}${leaks.length > 1 ? `, as have ${leaks.length - 1} more lines` : ''}: ${leaks[0]?.excerpt}`;
}
