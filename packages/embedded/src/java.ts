import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { embeddedError } from './embedded-error.ts';

/** The oldest Java that Kafka 4.4 runs on. */
const JAVA_VERSION_MIN = 17;

/** A Java that runs: the path of its `java`, its version, and all it says about its build, for what holds for one build only. */
export type Java = { path: string; version: string; build: string };

/**
 * The first Java of 17 or newer: `JAVA_HOME` first, then `PATH`.
 * Throws one clear line when there is none: what was found, what to install, or what to set instead.
 */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const found: Java[] = [];
  for (const candidate of candidates(env)) {
    const build = await javaBuild(candidate);
    const version = parseJavaVersion(build);
    if (version === undefined) continue;
    const java = { path: candidate, version, build };
    if (majorVersion(version) >= JAVA_VERSION_MIN) return java;
    found.push(java);
  }
  throw embeddedError(`${missing(found)} ${WAY_OUT}`);
}

const WAY_OUT = `Install Java ${JAVA_VERSION_MIN} or newer (Debian, Ubuntu: apt install default-jre-headless; macOS: brew install openjdk), or set KAFKA_BROKERS and DATABASE_URL to use a Kafka and a PostgreSQL of your own.`;

const missing = (found: Java[]): string =>
  found[0]
    ? `The Java at ${found[0].path} is version ${found[0].version}; the embedded Kafka needs ${JAVA_VERSION_MIN} or newer.`
    : 'The embedded Kafka needs Java, and none was found by JAVA_HOME or on PATH.';

function candidates(env: NodeJS.ProcessEnv): string[] {
  const name = process.platform === 'win32' ? 'java.exe' : 'java';
  const homes = env.JAVA_HOME ? [path.join(env.JAVA_HOME, 'bin')] : [];
  const folders = [...homes, ...(env.PATH ?? '').split(path.delimiter).filter(Boolean)];
  return [...new Set(folders.map((folder) => path.join(folder, name)))].filter((file) => existsSync(file));
}

/** Empty for what does not run, such as the placeholder macOS keeps where Java would be. */
function javaBuild(java: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(java, ['-version'], { timeout: 15_000 }, (error, stdout, stderr) => {
      resolve(error ? '' : stderr + stdout);
    });
  });
}

/** The version in what `java -version` prints, such as `17.0.15` or `1.8.0_402`. */
export const parseJavaVersion = (output: string): string | undefined => /version "([^"]+)"/.exec(output)?.[1];

/** The feature release: 17 of `17.0.15`, 8 of `1.8.0_402`, 25 of `25-ea`. */
export function majorVersion(version: string): number {
  const [first = 0, second = 0] = version.split(/[._+-]/).map(Number);
  return first === 1 ? second : first;
}
