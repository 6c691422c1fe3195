import type { Problem } from '@keyturn/contracts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Why a command ends other than well. `problem`: what the console answered, for \`--json\`. */
export type Failure = Error & { readonly exit: ExitCode; readonly problem?: Problem };

/** An error that ends the command with this code; its message says what is wrong and the way out. */
export const failure = (exit: ExitCode, message: string, problem?: Problem): Failure =>
  Object.assign(new Error(message), { exit, ...(problem === undefined ? {} : { problem }) });

/** The exit code of whatever was thrown. */
export const exitOf = (error: unknown): ExitCode =>
  error instanceof Error && 'exit' in error ? (error as Failure).exit : exitCodes.unexpected;
