import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../../..');
const SERVICES = ['contact', 'identity', 'consent', 'relay', 'console', 'ingress'];

type Previous = { readonly version: string; readonly commit: string };
/** A release as it stands in a folder, how Node starts a service of it there, and its removal. */
export type Release = { readonly name: string; readonly folder: string; argsOf(service: string): string[]; remove(): void };
const argsOf = (service: string) => [path.join('services', service, 'src/main.ts')];

/** The release that is worked on now. */
export const thisRelease: Release = { name: 'new', folder: root, argsOf, remove: () => {} };

/** The release before this one, as it was: its sources out of the history, its dependencies by its own lock file. Throws one clear line where the
 *  history does not have it. */
export function previousRelease(): Release {
  const { version, commit } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'previous-release.json'), 'utf8')) as Previous;
  const folder = mkdtempSync(path.join(tmpdir(), `keyturn-${version}-`));
  if (!isInHistory(commit)) spawnSync('git', ['fetch', '--quiet', '--unshallow'], { cwd: root });
  if (!isInHistory(commit))
    throw new Error(`release ${version} (${commit}) is not in the history of this checkout: git fetch --unshallow, then run it again`);
  const sources = execFileSync(
    'git',
    ['archive', '--format=tar', commit, 'package.json', 'package-lock.json', '.npmrc', 'packages', 'services'],
    {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  execFileSync('tar', ['-x', '-C', folder], { input: sources });
  install(folder);
  return { name: version, folder, argsOf, remove: () => rmSync(folder, { recursive: true }) };
}

const isInHistory = (commit: string): boolean => spawnSync('git', ['cat-file', '-e', `${commit}^{commit}`], { cwd: root }).status === 0;

/** What the services need to run, from npm's cache where it has it. */
function install(folder: string): void {
  const only = SERVICES.flatMap((name) => ['--workspace', `@keyturn/${name}`]);
  execFileSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', ...only], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
