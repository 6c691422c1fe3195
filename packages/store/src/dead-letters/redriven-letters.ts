import { AppError } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { describedError } from './described-error.ts';

/** How a letter that was read again ended: with what it came to, or with what failed. */
export type Redriven = { readonly deadLetterId: string } & ({ readonly outcome: string } | { readonly error: unknown });

/** Locks letters that are to be read again, if nobody else has them: compare-and-set with `concludeLetters`, in the transaction that applies them.
 *  Waits for nobody. Throws `batch.superseded` where one is in other hands, or no longer requested. */
export async function claimLetters(tx: Tx, deadLetterIds: readonly string[]): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'dead-letter.claim',
    text: `select from dead_letter where dead_letter_id = any($1::uuid[]) and status = 'requested' for update skip locked`,
    values: [deadLetterIds],
  });
  if (rowCount !== deadLetterIds.length) throw superseded();
}

/** Says of each claimed letter what became of it: redriven, or open again with what failed this time. */
export async function concludeLetters(tx: Tx, letters: readonly Redriven[]): Promise<void> {
  const failed = letters.map((letter) => ('error' in letter ? describedError(letter.error) : null));
  const { rowCount } = await tx.query({
    name: 'dead-letter.conclude',
    text: `update dead_letter d set
             status = case when l.code is null then 'redriven' else 'open' end, outcome = l.outcome, code = coalesce(l.code, d.code),
             cause = coalesce(l.cause, d.cause), stack = coalesce(l.stack, d.stack),
             attempts = d.attempts + 1
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) as l(id, outcome, code, cause, stack)
           where d.dead_letter_id = l.id and d.status = 'requested'`,
    values: [
      letters.map(({ deadLetterId }) => deadLetterId),
      letters.map((letter) => ('outcome' in letter ? letter.outcome : null)),
      failed.map((one) => one?.code ?? null),
      failed.map((one) => one?.cause ?? null),
      failed.map((one) => one?.stack ?? null),
    ],
  });
  if (rowCount !== letters.length) throw superseded();
}

const superseded = () => new AppError('batch.superseded', 'a dead letter is in other hands, or was decided on meanwhile');
