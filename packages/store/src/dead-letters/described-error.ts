import { AppError } from '@keyturn/contracts';

const CHARACTERS_MAX = 4_000;

/** Text as PostgreSQL takes it, whatever it was: no NUL, no half of a character. */
export const storable = (text: string): string => text.replaceAll('\u0000', '\ufffd').toWellFormed();

/** What failed, for whoever has to mend it: bounded, and fit to be stored. An error that nobody named is `event.undecided`. */
export function describedError(error: unknown): { code: string; cause: string; stack: string } {
  if (!(error instanceof Error)) return { code: 'event.undecided', cause: bounded(String(error)), stack: '' };
  const inner = error.cause instanceof Error && !error.message.includes(error.cause.message) ? `: ${error.cause.message}` : '';
  return {
    code: error instanceof AppError ? error.code : 'event.undecided',
    cause: bounded(error.message + inner),
    stack: bounded(error.stack ?? ''),
  };
}
const bounded = (text: string): string => storable(text.slice(0, CHARACTERS_MAX));
