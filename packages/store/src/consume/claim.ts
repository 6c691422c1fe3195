import type { Tx } from '../database.ts';
import { type Dead, keepLetters } from '../dead-letters/keep-letters.ts';
import { claimLetters, concludeLetters, type Redriven } from '../dead-letters/redriven-letters.ts';
import { outcomeOf } from './consumer-metrics.ts';
import { advanceOffset } from './offsets.ts';
import { type Ended, type Letter, placeOf, type Run } from './run.ts';

type Consumer = { readonly group: string };

/** Takes the records of a run for this transaction, if nobody else has: compare-and-set on the group's offset, or on the letters that are read again.
 *  Throws `batch.superseded`. */
export const claim = (tx: Tx, consumer: Consumer, run: Run): Promise<void> =>
  'letters' in run
    ? claimLetters(
        tx,
        [...run.records].map(({ offset }) => (run.letters.get(offset) as Letter).deadLetterId),
      )
    : advanceOffset(tx, placeOf(consumer, run), run.from, run.to, run.caughtUpAt);

/** Records what became of the run's records: those that could not be decided on are kept; of those that were read again, each says how it ended. */
export async function conclude(
  tx: Tx,
  { group }: Consumer,
  run: Run,
  ended: readonly Ended[],
  dead: readonly Dead[],
  now: Date,
): Promise<void> {
  if ('letters' in run) await concludeLetters(tx, redrivenOf(run, run.letters, ended, dead));
  else await keepLetters(tx, { ...run, group }, dead, run.attempt, now);
}

function redrivenOf(run: Run, letters: ReadonlyMap<bigint, Letter>, ended: readonly Ended[], dead: readonly Dead[]): Redriven[] {
  const errors = new Map(dead.map(({ record, error }) => [record.offset, error]));
  return run.records.map(({ offset }, i): Redriven => {
    const { deadLetterId } = letters.get(offset) as Letter;
    return errors.has(offset) ? { deadLetterId, error: errors.get(offset) } : { deadLetterId, outcome: outcomeOf(ended[i] as Ended) };
  });
}
