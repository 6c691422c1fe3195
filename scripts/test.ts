// usage: npm test [-- unit | int | e2e] [jest options]   Runs the tests against a Kafka and a PostgreSQL of its own; the last line counts them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PARTS = ['unit', 'int', 'e2e'];
const args = process.argv.slice(2);
const part = PARTS.find((name) => name === args[0]);
const results = path.join(mkdtempSync(path.join(tmpdir(), 'keyturn-results-')), 'results.json');

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const run = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    ...(part === undefined ? [] : ['--selectProjects', part]),
    ...args.slice(part === undefined ? 0 : 1),
    '--testTimeout=30000', // what a busy machine takes; a test that hangs still ends
    '--json',
    `--outputFile=${results}`,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], cwd: path.join(import.meta.dirname, '..') },
);

type Results = { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number };
const counted: Results = existsSync(results)
  ? JSON.parse(readFileSync(results, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 1 };
rmSync(path.dirname(results), { recursive: true, force: true });
const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
console.log(`${counted.numPassedTests} passed, ${failed} failed`);
process.exitCode = run.status === 0 && failed === 0 ? 0 : 1;
