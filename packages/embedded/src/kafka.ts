import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClassArchive, classArchive, dropClassArchives } from './class-archive.ts';
import { markReady } from './data-folder.ts';
import { fetchJars } from './fetch-jars.ts';
import { type FetchProgress, progressLines } from './fetch-progress.ts';
import { type JarList, jarCache, jarName, readJarList } from './jars.ts';
import { findJava } from './java.ts';
import { prepareKafka } from './kafka-folder.ts';
import { addressSettings, javaFlags, type KafkaSettings, propertiesText } from './kafka-settings.ts';
import { stopOrphan } from './orphan.ts';
import { choosePort, freePort } from './ports.ts';
import { type Exit, launchServer } from './server-process.ts';
import { startServer } from './start-server.ts';

/** The variable that moves the broker's port. */
export const KAFKA_PORT_VARIABLE = 'KEYTURN_KAFKA_PORT';

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 20_000; // the first clean stop also writes the class archive
const INFRA = new URL('../../../infra/kafka/', import.meta.url);

/** A broker that answers, and ends with this process at the latest. */
export type EmbeddedKafka = {
  brokers: string[];
  pid: number;
  /** Resolves when the broker has ended, asked to or not. */
  exited: Promise<Exit>;
  stop(): Promise<void>;
};

/** Where the embedded broker lives, and what it is told. */
export type KafkaOptions = {
  /** The embedded directory; the broker keeps `kafka/` and `kafka.log` in it. */
  dir: string;
  /** A free one when absent. */
  port?: number | undefined;
  say: (line: string) => void;
  /** Told how far the one-time download is; lines through `say` when absent. */
  progress?: FetchProgress | undefined;
  signal?: AbortSignal | undefined;
  /** `JAVA_HOME`, `PATH`, `KEYTURN_CACHE_DIR`, `XDG_CACHE_HOME` and `KEYTURN_MAVEN_REPOSITORY` are read from it; this process's own when absent. */
  env?: NodeJS.ProcessEnv | undefined;
  /** Broker settings that outweigh ours. */
  overrides?: KafkaSettings | undefined;
  /** Flags of Java that outweigh ours, which are for a quick start. */
  java?: readonly string[] | undefined;
  /** The oldest broker that keyturn supports instead of the one that it brings along: for tests. */
  oldest?: boolean | undefined;
};

/**
 * Resolves with a running broker whose acknowledged records outlive a power cut. Fetches Kafka on the first run, goes on where an earlier
 * run was interrupted, and ends a broker that an earlier run left behind. Throws one clear line (isEmbeddedError) when it can't.
 */
export async function startEmbeddedKafka(options: KafkaOptions): Promise<EmbeddedKafka> {
  const { dir, say, signal, env = process.env } = options;
  const folder = path.resolve(dir, 'kafka');
  const logFile = path.resolve(dir, 'kafka.log');
  const pidFile = path.resolve(dir, 'kafka.pid');
  const java = await findJava(env);
  await stopOrphan(pidFile, { what: 'Kafka', stopSignal: 'SIGTERM', say });
  const list = readJarList(options.oldest ? 'oldest-jars' : 'jars');
  const cache = await prepareJars(list, options, env);
  const port = await choosePort(options.port, { what: 'Kafka', variable: KAFKA_PORT_VARIABLE });
  const properties = await brokerProperties(port, options);
  const flags = [...javaFlags(fileURLToPath(new URL('log4j2.properties', INFRA))), ...(options.java ?? []), '-cp', classPath(list, cache)];
  await prepareKafka(folder, { java: java.path, flags, properties, standalone: !options.oldest, say, signal });
  let archive: ClassArchive | undefined = classArchive(cache, java);
  const launch = () => {
    const args = [...flags, ...(archive ? [archive.flag] : []), 'kafka.Kafka', 'server.properties'];
    return launchServer({
      command: java.path,
      args,
      cwd: folder,
      env: { ...env, LC_ALL: 'C.UTF-8' },
      logFile,
      pidFile,
      stopSignal: 'SIGTERM',
    });
  };
  /** Java itself crashed, which a damaged archive can make it do: Kafka's own failures end with a code. */
  const again = ({ signal: crash }: Exit) => {
    if (!archive || !crash || signal?.aborted) return false;
    dropClassArchives(cache);
    archive = undefined;
    return true;
  };
  const isReady = (server: { log(): string }) => server.log().includes('Kafka Server started');
  const server = await startServer({ what: 'Kafka', launch, isReady, again, timeoutMs: START_TIMEOUT_MS, logFile, signal });
  markReady(folder);
  const exited = server.exited.then((exit) => {
    archive?.keep(exit);
    return exit;
  });
  const stop = async () => {
    if (archive?.use === 'make' && server.running()) say('Keeping what Kafka loaded, so that it starts faster from now on');
    await server.stop(STOP_TIMEOUT_MS);
    await exited;
  };
  return { brokers: [`127.0.0.1:${port}`], pid: server.pid, exited, stop };
}

async function prepareJars({ version, jars }: JarList, { say, progress, signal }: KafkaOptions, env: NodeJS.ProcessEnv): Promise<string> {
  const cache = jarCache(env, version);
  const fetched = await fetchJars(jars, {
    cache,
    repository: env.KEYTURN_MAVEN_REPOSITORY,
    progress: progress ?? progressLines(say),
    signal,
  });
  if (fetched > 0) dropClassArchives(cache);
  return cache;
}

/** Spelt out, in one order: a class archive holds only for the class path it was made with. */
const classPath = ({ jars }: JarList, cache: string): string => jars.map((jar) => path.join(cache, jarName(jar))).join(path.delimiter);

async function brokerProperties(port: number, { oldest, overrides = {} }: KafkaOptions): Promise<string> {
  const common = readFileSync(new URL('server.properties', INFRA), 'utf8');
  const controllerPort = await freePort(port + 1);
  const quorum = oldest ? { 'controller.quorum.voters': `1@127.0.0.1:${controllerPort}` } : {};
  return propertiesText(common, { ...addressSettings(port, controllerPort), ...quorum, ...overrides });
}
