import { itemAs } from './account-event.ts';
import type { Change, Normalized } from './normalized.ts';
import { type Flags, readWamid } from './payload/ids.ts';
import { type Json, listOf, objectOf, textOf } from './payload/json.ts';
import { unrecognized } from './unrecognized.ts';

const ERROR_CODES_MAX = 32;

/** Each code once. Texts of errors are not read, and all of them may be missing: what to do hangs on the code alone. */
export function errorCodesOf(errors: unknown): number[] | undefined {
  const codes = new Set<number>();
  for (const error of listOf(errors)) {
    const code = textOf(objectOf(error)?.code, 12);
    if (code && /^-?\d{1,9}$/.test(code)) codes.add(Number(code));
  }
  return codes.size > 0 ? [...codes].slice(0, ERROR_CODES_MAX) : undefined;
}

const reported = itemAs('errors.reported', ['errorCodes'], ({ errors, field }) => ({
  field: textOf(field, 128) ?? 'unknown',
  errorCodes: errorCodesOf(errors),
}));

/** The errors of a whole change, which name no item. Where none has a code, all are kept as they are. */
export function changeErrors(change: Change, errors: unknown, path: string): readonly Normalized[] {
  if (errorCodesOf(errors) === undefined) return [unrecognized(change, 'errors', path, errors)];
  return reported(change, { errors, field: change.field }, path);
}

/** The message that an edit changes or a revocation takes back. */
export const originalWamidOf = (message: Json, flags: Flags): string | undefined =>
  readWamid((objectOf(message.revoke) ?? objectOf(message.edit))?.original_message_id, flags)?.shown;
