import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/** A file of the broker: where it comes from, how long it is, and the hash without which it is not used. */
export type Jar = { artifact: string; bytes: number; sha256: string };

/** The broker's version and its files, in the order in which they stand on the class path. */
export type JarList = { version: string; jars: Jar[] };

/** The embedded broker, or the oldest one that is supported: `org.apache.kafka:kafka_2.13`, what it needs to run, and the binding that lets it write
 *  its log. */
export function readJarList(name: 'jars' | 'oldest-jars' = 'jars'): JarList {
  return JSON.parse(readFileSync(new URL(`../../../infra/kafka/${name}.json`, import.meta.url), 'utf8')) as JarList;
}

/** The file name of `group:artifact:version`. */
export const jarName = ({ artifact }: Pick<Jar, 'artifact'>): string => `${artifact.split(':').slice(1).join('-')}.jar`;

/** Where the files are kept for every checkout of this user: `KEYTURN_CACHE_DIR`, else the user's cache folder. */
export function jarCache(env: NodeJS.ProcessEnv, version: string): string {
  const root = env.KEYTURN_CACHE_DIR || path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'keyturn');
  return path.join(path.resolve(root), `kafka-${version}`);
}

/** True when the file is there, whole and the one that was listed. */
export async function isJarIntact(file: string, jar: Jar): Promise<boolean> {
  try {
    const content = await readFile(file);
    return content.length === jar.bytes && createHash('sha256').update(content).digest('hex') === jar.sha256;
  } catch {
    return false;
  }
}
