/** A failure that has one clear line for the person at the terminal: what is wrong and the way out. The cause holds the detail. */
export function embeddedError(message: string, options?: ErrorOptions): Error {
  const error = new Error(message, options);
  error.name = 'EmbeddedError';
  return error;
}

/** True for failures whose message alone is to be shown, without a stack. */
export const isEmbeddedError = (error: unknown): error is Error => error instanceof Error && error.name === 'EmbeddedError';
