// usage: npm run contracts [-- --check | --release]   Writes the published contracts from the sources. --check only says whether they are so, and
// whether they break the last release; --release keeps them as what the next changes are held to.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { breakingChanges } from './contracts/breaking.ts';
import { contractsFolder, type Published, publishedBySources, publishedIn, versionOfContracts } from './contracts/published.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean' }, release: { type: 'boolean' } } });
const releases = path.join(contractsFolder, 'released');

function write(folder: string, files: Published): void {
  mkdirSync(folder, { recursive: true });
  for (const stale of publishedIn(folder).keys()) if (!files.has(stale)) rmSync(path.join(folder, stale));
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
}

function driftOf(committed: Published, now: Published): string[] {
  const files = new Set([...committed.keys(), ...now.keys()]);
  return [...files].filter((file) => committed.get(file) !== now.get(file)).map((file) => `${file} is not what the sources say`);
}

const now = publishedBySources();
const [released] = readdirSync(releases);
const drift = values.check ? driftOf(publishedIn(contractsFolder), now) : [];
const breaks = released === undefined ? [] : breakingChanges(publishedIn(path.join(releases, released)), now);
if (drift.length > 0) console.error(`${drift.join('\n')}\nRun npm run contracts, and commit what it writes.`);
if (breaks.length > 0) {
  console.error(
    `${breaks.join('\n')}\nThis breaks who relies on ${released}. What is published only grows: leave what is there as it is, let what comes new be absent, or publish it on a new topic (.v2) or route.`,
  );
}
if (drift.length > 0 || breaks.length > 0) process.exitCode = 1;
if (!values.check) write(contractsFolder, now);
if (values.release && breaks.length === 0) {
  rmSync(releases, { recursive: true });
  write(path.join(releases, versionOfContracts()), now);
}
