import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';

/** All that is in a file (`-`: in standard input). Throws a failure where it can't be read. */
export async function textFrom({ ask, cwd }: Pick<Io, 'ask' | 'cwd'>, file: string): Promise<string> {
  if (file === '-') return ask('', { hidden: true }); // all of it: nobody is asked where it is not a terminal
  return readFile(path.resolve(cwd, file), 'utf8').catch((cause) => {
    throw failure(exitCodes.usage, `${file} can't be read: ${(cause as Error).message}`);
  });
}
