import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const made: string[] = [];

/** A fresh directory that every account may pass; `removeTestDirs` ends it. Tests only. */
export function testDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'keyturn-embedded-'));
  chmodSync(dir, 0o711);
  made.push(dir);
  return dir;
}

/** Removes every directory that this test file made. Tests only. */
export function removeTestDirs(): void {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
}

/** Another process that runs this module text, in which `embedded` is this package and `tell` sends a value back. Tests only. */
export async function otherProcess<T>(code: string): Promise<{ told: T; kill9(): Promise<void> }> {
  const from = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const text = `import * as embedded from ${from('./index.ts')};
    import * as processes from ${from('./server-process.ts')};
    const tell = (value: unknown) => console.log(JSON.stringify(value));
    process.stdin.on('end', () => process.exit()).resume(); // ends with the test run, killed or not
    ${code}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', text], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => {
      throw new Error('the other process ended without a word');
    }),
  ]);
  const kill9 = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  return { told: JSON.parse(line) as T, kill9 };
}
