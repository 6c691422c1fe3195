import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { embeddedError, unwritable } from './embedded-error.ts';
import type { FetchProgress } from './fetch-progress.ts';
import { isJarIntact, type Jar, jarName } from './jars.ts';
import { downloadArtifact } from './maven.ts';
import { identifyProcess } from './process-identity.ts';

const DOWNLOADS_MAX = 8;
const ATTEMPTS_MAX = 3;
const STALL_MS = 15_000;

type Deps = {
  cache: string;
  /** Another repository than Maven Central. */
  repository?: string | undefined;
  progress: FetchProgress;
  /** How long nothing may arrive before a file is asked for again. */
  stallMs?: number | undefined;
  signal?: AbortSignal | undefined;
};

/**
 * Makes every jar stand in the cache, whole and checked, and says how many had to be fetched. What is there already is not fetched
 * again, so an interrupted run goes on where it stopped and a filled cache needs no network. Throws one clear line otherwise.
 */
export async function fetchJars(jars: Jar[], { cache, repository, progress, stallMs = STALL_MS, signal }: Deps): Promise<number> {
  await mkdir(cache, { recursive: true }).catch((error) => {
    throw unwritable(error, cache, 'KEYTURN_CACHE_DIR');
  });
  const intact = await Promise.all(jars.map((jar) => isJarIntact(path.join(cache, jarName(jar)), jar)));
  const missing = jars.filter((_, index) => !intact[index]);
  if (missing.length === 0) return 0;
  await clearAbandoned(cache);
  const stop = new AbortController();
  const watch = watchBytes(cache, { jars, missing, progress });
  const queue = [...missing];
  const worker = async () => {
    for (let jar = queue.shift(); jar; jar = queue.shift()) {
      await fetchJar(jar, { cache, repository, stallMs, signal: AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]) });
      watch.fetched(jar);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(DOWNLOADS_MAX, queue.length) }, worker));
    return missing.length;
  } catch (error) {
    stop.abort();
    signal?.throwIfAborted();
    throw unfetched(error, jars.length - missing.length + watch.count(), jars.length);
  } finally {
    watch.stop();
  }
}

type Fetch = { cache: string; repository: string | undefined; stallMs: number; signal: AbortSignal };

async function fetchJar(jar: Jar, { cache, ...deps }: Fetch): Promise<void> {
  const part = `${jarName(jar)}.${process.pid}.part`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await downloadArtifact(jar.artifact, { ...deps, folder: cache, name: part });
      if (!(await isJarIntact(path.join(cache, part), jar))) throw new Error(`${jarName(jar)} did not arrive as listed (SHA-256 differs)`);
      return await rename(path.join(cache, part), path.join(cache, jarName(jar)));
    } catch (error) {
      await rm(path.join(cache, part), { force: true });
      if (deps.signal.aborted || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

/** Removes the unfinished files of runs that were killed; another run that is at it keeps its own. */
async function clearAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /\.(\d+)\.part$/.exec(name)?.[1];
    if (pid && !identifyProcess(Number(pid))) await rm(path.join(cache, name), { force: true });
  }
}

/** Counts what has arrived, unfinished files included, and tells the progress a few times a second. */
function watchBytes(cache: string, { jars, missing, progress }: { jars: Jar[]; missing: Jar[]; progress: FetchProgress }) {
  const total = jars.reduce((sum, jar) => sum + jar.bytes, 0);
  const under = new Set(missing);
  let count = 0;
  const tell = async () => {
    let bytes = total;
    for (const jar of under) bytes -= jar.bytes - (await sizeOf(path.join(cache, `${jarName(jar)}.${process.pid}.part`)));
    progress.update(bytes, total);
  };
  const timer = setInterval(tell, 250);
  void tell();
  const fetched = (jar: Jar) => {
    under.delete(jar);
    count += 1;
    if (under.size === 0) progress.update(total, total);
  };
  const stop = () => {
    clearInterval(timer);
    progress.stop();
  };
  return { fetched, count: () => count, stop };
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

function unfetched(error: unknown, there: number, all: number): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return embeddedError(
    `Kafka could not be fetched: ${reason}. Check the network, or name a repository that this machine reaches with KEYTURN_MAVEN_REPOSITORY, and start again: ${there} of ${all} files are kept.`,
    { cause: error },
  );
}
