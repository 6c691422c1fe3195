import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';

/**
 * Prepares the folder of a server. A folder that was ever ready is kept as it is, whatever its state; one whose making was interrupted
 * is made anew. Throws one clear line when a folder that was ready has lost its data.
 */
export async function prepareFolder(
  folder: string,
  { what, proof, say, make }: { what: string; proof: string; say: (line: string) => void; make: () => Promise<void> },
): Promise<void> {
  if (existsSync(path.join(folder, READY))) {
    if (existsSync(path.join(folder, proof))) return;
    throw embeddedError(
      `${folder} has lost ${proof}, so the embedded ${what} can't read its data. Put it back from a backup, or start over with: npm run reset`,
    );
  }
  const interrupted = existsSync(folder);
  say(`Setting up ${what} in ${folder}${interrupted ? ', anew: the last time was interrupted' : ''}`);
  if (interrupted) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  await make();
}

const READY = 'ready';

/** Records, beyond a power cut, that the folder's server was up: from now on its data is never removed. */
export function markReady(folder: string): void {
  if (existsSync(path.join(folder, READY))) return;
  const fd = openSync(path.join(folder, READY), 'w');
  fsyncSync(fd);
  closeSync(fd);
}
