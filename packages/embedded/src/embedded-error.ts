/** A failure that has one clear line for the person at the terminal: what is wrong and the way out. The cause holds the detail. */
export function embeddedError(message: string, options?: ErrorOptions): Error {
  const error = new Error(message, options);
  error.name = 'EmbeddedError';
  return error;
}

/** The system's refusal to write somewhere, as one clear line; anything else as it is. */
export function unwritable(error: unknown, folder: string, variable: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST'].includes(code)) return error;
  return embeddedError(`${folder} can't be written to (${code}). Make room or access there, or choose another folder with ${variable}.`, {
    cause: error,
  });
}

/** True for failures whose message alone is to be shown, without a stack. */
export const isEmbeddedError = (error: unknown): error is Error => error instanceof Error && error.name === 'EmbeddedError';
