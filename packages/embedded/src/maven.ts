import { stat } from 'node:fs/promises';
import path from 'node:path';
import mavenDownload, { type FetchOptions } from 'mvn-artifact-download';

// The package is CommonJS with a `default` property, which Node and the compiler unwrap differently.
const download = (typeof mavenDownload === 'function' ? mavenDownload : (mavenDownload as { default: unknown }).default) as (
  artifact: string,
  folder: string,
  repository: string | undefined,
  name: string,
  options: FetchOptions,
) => Promise<string>;

/**
 * Downloads `group:artifact:version` from Maven Central, or from the repository given, to a file of that name. Rejects when nothing
 * arrives for `stallMs`: the package itself waits for ever on a connection that breaks in the middle.
 */
export async function downloadArtifact(
  artifact: string,
  {
    folder,
    name,
    repository,
    stallMs,
    signal,
  }: { folder: string; name: string; repository: string | undefined; stallMs: number; signal: AbortSignal },
): Promise<void> {
  const cancel = new AbortController();
  const both = AbortSignal.any([signal, cancel.signal]);
  const options: FetchOptions & { signal: AbortSignal } = { timeout: stallMs, signal: both };
  const broken = new Promise<never>((_, reject) => both.addEventListener('abort', () => reject(both.reason), { once: true }));
  const stopWatch = watchForStall(path.join(folder, name), stallMs, () => cancel.abort(new Error(`${artifact} stopped arriving`)));
  try {
    signal.throwIfAborted();
    await Promise.race([download(artifact, folder, repository?.replace(/\/*$/, '/'), name, options), broken]);
  } finally {
    stopWatch();
  }
}

function watchForStall(file: string, stallMs: number, stalled: () => void): () => void {
  let size = -1;
  let since = performance.now();
  const timer = setInterval(async () => {
    const now = await stat(file).then(
      (found) => found.size,
      () => -1,
    );
    if (now !== size) [size, since] = [now, performance.now()];
    else if (performance.now() - since > stallMs) stalled();
  }, stallMs / 10);
  return () => clearInterval(timer);
}
