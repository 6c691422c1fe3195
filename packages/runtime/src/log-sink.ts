import { AppError } from '@keyturn/contracts';
import { type DestinationStream, destination } from 'pino';

/** Far more than the lines of one turn; beyond, they are written at once. */
const GATHERED_MAX = 64 * 1024;
const STANDARD_OUTPUT = 1;

const sinks = new Map<string | number, DestinationStream>();

/** Where the log lines of this process go: standard output, or this file. The lines of one turn of the event loop are one write, before the next turn
 *  and before the process exits, whatever ends it but a signal that can't be caught: a write a line took longer than all else of a line. Throws
 *  `config.invalid` where the file can't be written to. */
export function logSink(file?: string): DestinationStream {
  const dest = file ?? STANDARD_OUTPUT;
  const known = sinks.get(dest);
  if (known !== undefined) return known;
  const sink = gathering(open(dest));
  process.on('exit', sink.flushSync);
  sinks.set(dest, sink);
  return sink;
}

function open(dest: string | number): DestinationStream {
  try {
    return destination({ dest, mkdir: true, sync: true });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new AppError('config.invalid', `LOG_FILE (${dest}) can't be written to (${why}): name a file that this process may write.`, {
      cause,
    });
  }
}

/** The same for any stream. `flushSync` writes at once what was gathered, as pino does after a fatal line. */
export function gathering(to: DestinationStream): DestinationStream & { flushSync(): void } {
  let text = '';
  const flushSync = (): void => {
    const lines = text;
    text = '';
    if (lines !== '') to.write(lines);
  };
  return {
    flushSync,
    write(line) {
      if (text === '') setImmediate(flushSync);
      text += line;
      if (text.length > GATHERED_MAX) flushSync();
    },
  };
}
