import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareFolder } from './data-folder.ts';
import { embeddedError } from './embedded-error.ts';
import { lastWords } from './log-tail.ts';

type Setup = {
  java: string;
  flags: string[];
  properties: string;
  /** Whether the broker is told at formatting that it is alone, as since Kafka 3.9; earlier ones are told by their settings. */
  standalone: boolean;
  say: (line: string) => void;
  signal: AbortSignal | undefined;
};

/** Makes sure that the folder holds formatted storage, and the settings of this start in `server.properties`. */
export async function prepareKafka(folder: string, setup: Setup): Promise<void> {
  const make = () => format(folder, setup);
  await prepareFolder(folder, { what: 'Kafka', proof: 'data/meta.properties', say: setup.say, make });
  writeFileSync(path.join(folder, 'server.properties'), setup.properties);
}

async function format(folder: string, { java, flags, properties, standalone, signal }: Setup): Promise<void> {
  mkdirSync(path.join(folder, 'data'));
  writeFileSync(path.join(folder, 'server.properties'), properties);
  const args = [
    ...flags,
    'kafka.tools.StorageTool',
    'format',
    ...(standalone ? ['--standalone'] : []),
    '-t',
    clusterId(),
    '-c',
    'server.properties',
  ];
  try {
    await promisify(execFile)(java, args, { cwd: folder, ...(signal ? { signal } : {}) });
  } catch (error) {
    signal?.throwIfAborted();
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    throw embeddedError(`Kafka could not set up ${folder}: ${lastWords(`${stdout}\n${stderr}`) || message}`, { cause: error });
  }
}

/** Kafka's tool would take a leading dash for an option. */
const clusterId = (): string => randomBytes(16).toString('base64url').replace(/^-/, '_');
