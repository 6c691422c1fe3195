/** A database that is silent for so long is taken to be away. */
export const READ_MAX_MS = 2_000;

/** What `work` answers; rejects where it takes longer, and then does not wait for it. */
export async function within<Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the database did not answer in ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
