import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { jarCache } from '../../packages/embedded/src/jars.ts';

const run = promisify(execFile);
const cache = path.dirname(jarCache(process.env, 'any'));

/** Whether this machine can make one. */
export const hasPython = (): Promise<boolean> =>
  run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );

/** The Python of an environment that has these requirements: kept in the cache, made anew when they change. */
export async function pythonWith(requirements: string): Promise<string> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = path.join(cache, `python-${digest}`);
  if (!existsSync(path.join(home, 'complete'))) {
    mkdirSync(cache, { recursive: true });
    rmSync(home, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', home]);
    await run(path.join(home, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
    mkdirSync(path.join(home, 'complete'));
  }
  return path.join(home, 'bin/python');
}
