import { AppError } from '@keyturn/contracts';
import { type Database, inOnePiece, storeError, type Tx } from '@keyturn/store';

/** A database that is silent for so long is taken to be away. */
export const READ_MAX_MS = 2_000;

/** What `work` answers; rejects with `store.unavailable` where it takes longer, and then does not wait for it. */
export async function within<Result>(timeoutMs: number, work: () => Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const silent = () => reject(new AppError('store.unavailable', `The database did not answer in ${timeoutMs} ms. Ask again in a moment.`));
  const timer = setTimeout(silent, timeoutMs);
  try {
    return await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a connection was asked, in one piece. It is given up where it is silent, or the few that there are would all wait for a database that went without a
 *  word. */
export async function askOne<const Asked extends readonly unknown[]>(pool: Database['pool'], ask: (tx: Tx) => Asked): Promise<Asked> {
  const client = await pool.connect();
  const asked = inOnePiece(client, () => ask(client));
  void within(READ_MAX_MS, () => Promise.allSettled(asked)).then(
    () => client.release(),
    (error: Error) => client.release(error),
  );
  return asked;
}

/** What a connection answers; rejects with what `storeError` names where it fails or is silent. */
export function askSoon<Answer>(pool: Database['pool'], ask: (tx: Tx) => Promise<Answer>): Promise<Answer> {
  const answered = async () => {
    const [answer] = await askOne(pool, (tx) => [ask(tx)]);
    return answer;
  };
  return within(READ_MAX_MS, answered).catch((error: unknown) => {
    throw storeError(error);
  });
}
