// usage: npm test [-- unit | int | e2e] [jest options]   Runs the tests against a Kafka and a PostgreSQL of its own; the last line counts them.
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { buildPage } from '@keyturn/console/build-page';
import { chromiumPath } from './e2e/page/chromium.ts';
import { checkAlertRules } from './test/alert-rules.ts';
import { checkDeploymentFiles } from './test/deployment-files.ts';
import { searchLogs } from './test/search-logs.ts';

const PARTS = ['unit', 'int', 'e2e'];
const args = process.argv.slice(2);
const part = PARTS.find((name) => name === args[0]);
const options = args.slice(part === undefined ? 0 : 1);
const folder = mkdtempSync(path.join(tmpdir(), 'keyturn-results-'));
const [results, logs] = [path.join(folder, 'results.json'), path.join(folder, 'logs')];
mkdirSync(logs);

type Results = { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number };
type Part = { passed: number; failed: number };

/** Jest's words go to the terminal, and with what the services log to where they are searched. */
async function runJest(): Promise<Part> {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  const timeout = '--testTimeout=300000'; // for what hangs: a busy machine takes many times as long as an idle one
  const selected = part === undefined ? [] : ['--selectProjects', part];
  const run = spawn(process.execPath, [...flags, ...selected, ...options, timeout, '--json', `--outputFile=${results}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: path.join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      KEYTURN_TEST_LOGS: logs,
      NODE_COMPILE_CACHE: path.join(folder, 'compiled'),
      ...(process.stderr.isTTY ? { FORCE_COLOR: '1' } : {}),
    },
  });
  const words = createWriteStream(path.join(folder, 'jest.log'));
  run.stderr.pipe(process.stderr, { end: false });
  const kept = finished(run.stderr.pipe(words));
  const code = await new Promise<number | null>((resolve) => run.once('close', resolve));
  await kept;
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const counted = JSON.parse(readFileSync(results, 'utf8')) as Results;
  const failed = counted.numFailedTests + counted.numRuntimeErrorTestSuites;
  return { passed: counted.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

/** One more test of each run: nothing that it logged or said holds what must not be there. The words of a failed test quote what it compared. */
function searched(jest: Part): Part {
  const said = readFileSync(path.join(folder, 'jest.log'), 'utf8').split('\n');
  const titles = /^\s*[✓✕○]/;
  if (jest.failed === 0) writeFileSync(path.join(logs, 'jest.log'), said.filter((line) => !titles.test(line)).join('\n'));
  const leaks = searchLogs(logs);
  for (const leak of leaks) console.error(`LEAK ${leak}`);
  if (leaks.length > 0) console.error(`What was logged is in ${logs}`);
  else rmSync(folder, { recursive: true, force: true });
  return leaks.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The alert rules are held to their unit tests by Prometheus' own tool. Where it is not, that is said and counts as nothing. */
function alertRules(): Part {
  const { absent, complaints } = checkAlertRules(process.env);
  for (const complaint of complaints) console.error(complaint);
  if (!absent) return complaints.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  console.error(
    'promtool is not here (on PATH, or PROMTOOL): the syntax and the names in the alert rules were tested, when they fire was not.',
  );
  return { passed: 0, failed: 0 };
}

/** The Dockerfile and the manifests are held to what they are for by their own tools. Those that are not here are named, and count as nothing. */
function deploymentFiles(): Part {
  const { absent, complaints } = checkDeploymentFiles(process.env);
  for (const complaint of complaints) console.error(complaint);
  if (absent.length > 0) console.error(`${absent.join(', ')}: not here, so what they say of infra/ was not asked (docs/deploy.md).`);
  if (complaints.length > 0) return { passed: 0, failed: 1 };
  return { passed: absent.length === 0 ? 1 : 0, failed: 0 };
}

// Once, before many ask for it at a time:
if (part !== 'unit') await buildPage();
if (part === undefined || part === 'e2e') await chromiumPath();
const jest = await runJest();
const isWhole = options.length === 0 && (part === undefined || part === 'unit');
const parts = [jest, searched(jest), ...(isWhole ? [alertRules(), deploymentFiles()] : [])];
const [passed, failed] = [parts.reduce((sum, one) => sum + one.passed, 0), parts.reduce((sum, one) => sum + one.failed, 0)];
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
