import { maskWaId } from './mask-wa-id.ts';

type Shown = { readonly type: string; readonly code?: string; readonly message: string; readonly stack?: string; readonly cause?: Shown };
const NUMBER = /(?<![\w-])\d{8,15}(?![\w-])/g;
const masked = (text: string): string => text.replace(NUMBER, maskWaId);

/** An error as a log may have it: what it is and where, with numbers masked. All else that hangs on it stays out: PostgreSQL quotes the row that it
 *  refuses in `detail` and `where`. */
export function shownError(error: unknown): Shown {
  if (!(error instanceof Error)) return { type: typeof error, message: masked(String(error)) };
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: masked(error.message),
    ...(error.stack === undefined ? {} : { stack: masked(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: shownError(error.cause) }),
  };
}
