import type { Command } from 'commander';
import pc from 'picocolors';
import { type Console, connect } from '../console/connect.ts';
import type { Io } from '../io.ts';
import type { Colors } from '../text/colors.ts';

/** What every command works with. */
export type Context = {
  readonly io: Io;
  readonly call: Console;
  readonly colors: Colors;
  /** One JSON document for scripts (`--json`: the answer as it came), or lines for people. */
  print(raw: unknown, lines: () => readonly string[]): void;
};

/** The context of a command that was called, with the options of the whole program. */
export function contextOf(command: Command, io: Io): Context {
  const { url, json } = command.optsWithGlobals<{ url?: string; json?: boolean }>();
  return {
    io,
    call: connect(url === undefined ? {} : { url }, io),
    colors: pc.createColors(io.colors),
    print(raw, lines) {
      if (json) io.out(JSON.stringify(raw, null, 2));
      else for (const line of lines()) io.out(line);
    },
  };
}
