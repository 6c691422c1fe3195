import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** One JSON document for scripts (`--json`), or lines for people. */
export type Print = (raw: unknown, lines: () => readonly string[]) => void;

/** How a command that was called answers. */
export function printerOf(command: Command, io: Io): Print {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  return (raw, lines) => {
    if (json) io.out(JSON.stringify(raw, null, 2));
    else for (const line of lines()) io.out(line);
  };
}
