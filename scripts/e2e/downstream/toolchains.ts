import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fetchJars } from '../../../packages/embedded/src/fetch-jars.ts';
import { type Jar, jarCache, jarName, readJarList } from '../../../packages/embedded/src/jars.ts';
import { findJava } from '../../../packages/embedded/src/java.ts';
import { hasPython, pythonWith } from '../python-environment.ts';

const run = promisify(execFile);
const programs = path.join(import.meta.dirname, '../../../docs/downstream');
const cache = path.dirname(jarCache(process.env, 'any'));

/** How to start a program: what it takes is fetched or built by `command`, which throws where the language's tools are not on this machine. */
export type Toolchain = { readonly language: string; isThere(): Promise<boolean>; command(): Promise<readonly string[]> };

const typescript: Toolchain = {
  language: 'TypeScript',
  isThere: async () => true,
  command: async () => [process.execPath, path.join(programs, 'typescript/blocked-numbers.ts')],
};

const python: Toolchain = {
  language: 'Python',
  isThere: hasPython,
  command: async () => [await pythonWith(path.join(programs, 'python/requirements.txt')), path.join(programs, 'python/blocked_numbers.py')],
};

/** A schema validator, and a compiler that needs no more than the Java that runs Kafka. */
const extraJars: Jar[] = [
  { artifact: 'dev.harrel:json-schema:1.8.2', bytes: 206_980, sha256: '901240d73eb6609069aef2d5ee1b52f4efd3ed77bec30d7dc6a418bf5f1feb12' },
  { artifact: 'org.eclipse.jdt:ecj:3.45.0', bytes: 3_336_820, sha256: 'c8f5e66787ea6e4e0394ba3051c86a4edc50683ce9850f71739646529a99a2d7' },
];
const java: Toolchain = {
  language: 'Java',
  isThere: () =>
    findJava(process.env).then(
      () => true,
      () => false,
    ),
  async command() {
    const { path: bin } = await findJava(process.env);
    const { version, jars } = readJarList();
    const progress = { update: () => {}, stop: () => {} };
    const repository = process.env.KEYTURN_MAVEN_REPOSITORY;
    const [kafka, extra] = [jarCache(process.env, version), path.join(cache, 'downstream-java')];
    await fetchJars(jars, { cache: kafka, repository, progress });
    await fetchJars(extraJars, { cache: extra, repository, progress });
    const [schema, compiler] = extraJars.map((jar) => path.join(extra, jarName(jar))) as [string, string];
    const source = path.join(programs, 'java/BlockedNumbers.java');
    const classes = path.join(extra, createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 12));
    const classPath = [path.join(kafka, '*'), schema].join(path.delimiter);
    if (!existsSync(classes)) {
      const made = `${classes}.${process.pid}`;
      const compilePath = [...jars.map((jar) => path.join(kafka, jarName(jar))), schema].join(path.delimiter);
      await run(bin, ['-jar', compiler, '--release', '17', '-cp', compilePath, '-d', made, source]);
      renameSync(made, classes);
    }
    return [bin, '-Xmx128m', '-XX:TieredStopAtLevel=1', '-cp', `${classes}${path.delimiter}${classPath}`, 'BlockedNumbers'];
  },
};

/** The languages in which docs/downstream.md shows how to keep a copy. */
export const toolchains: readonly Toolchain[] = [typescript, python, java];
