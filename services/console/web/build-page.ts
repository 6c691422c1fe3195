import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const console_ = path.join(import.meta.dirname, '..');
const built = path.join(console_, 'dist');
const stamp = (folder: string) => path.join(folder, 'built-from');

/** Brings the built page up to date with its sources; answers whether there was anything to do, and leaves the environment as it was. Several at once do no harm. */
export async function buildPage(): Promise<boolean> {
  const from = sources();
  if (isBuiltFrom(from)) return false;
  const [{ build }, { pageConfig }] = await Promise.all([import('vite'), import('./vite.config.ts')]);
  const folder = mkdtempSync(`${built}-`);
  const { NODE_ENV } = process.env; // Vite says `production` there to the whole process, and so to all that it starts (https://vite.dev/guide/env-and-mode#node-env-and-modes)
  try {
    chmodSync(folder, 0o755); // whoever serves it may be somebody else
    await build(pageConfig(folder));
    writeFileSync(stamp(folder), from);
    if (!isBuiltFrom(from)) takeItsPlace(folder);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    rmSync(folder, { recursive: true, force: true });
  }
  return true;
}

/** A hash of all that the page is made of: its sources, what it shares with the alerts, and by the manifest the versions of its libraries. */
function sources(): string {
  const shared = ['grouped-number', 'platform-codes'].map((file) => `../../packages/domain/src/account/${file}.ts`);
  const files = [...globSync(['web/**/*.{ts,tsx,css,html,svg}', 'package.json'], { cwd: console_ }).sort(), ...shared];
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(console_, file)))
      .update('\0');
  return hash.digest('hex');
}

const isBuiltFrom = (from: string): boolean => existsSync(stamp(built)) && readFileSync(stamp(built), 'utf8') === from;

function takeItsPlace(folder: string): void {
  const old = `${folder}-old`;
  if (existsSync(built)) renameSync(built, old);
  renameSync(folder, built);
  rmSync(old, { recursive: true, force: true });
}
