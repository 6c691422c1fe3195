import type { Command } from 'commander';
import pc from 'picocolors';
import { type Console, connect } from '../console/connect.ts';
import type { Io } from '../io.ts';
import type { Colors } from '../text/colors.ts';
import { type Print, printerOf } from './printer.ts';

/** What every command works with. */
export type Context = {
  readonly io: Io;
  readonly call: Console;
  readonly colors: Colors;
  readonly print: Print;
};

/** The context of a command that was called, with the options of the whole program. */
export function contextOf(command: Command, io: Io): Context {
  const { url } = command.optsWithGlobals<{ url?: string }>();
  return {
    io,
    call: connect(url === undefined ? {} : { url }, io),
    colors: pc.createColors(io.colors),
    print: printerOf(command, io),
  };
}
