import type { Told, Who } from '@keyturn/domain';
import { atOnce, type Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { changesOf, type Fold, savedOf } from '../fold.ts';
import { tell } from '../tell.ts';
import type { ConsumerDefinition } from './run.ts';

/** Saves what a fold made of its locked rows, with journal and outbox. `known`: what the directory says, where the caller has asked already. */
export async function saveFold<State, View, T extends Told>(
  tx: Tx,
  consumer: Pick<ConsumerDefinition<State, View, T>, 'slice' | 'repository' | 'tells'>,
  fold: Fold<State, T>,
  recordedAt: string,
  known?: ReadonlyMap<string, Who>,
): Promise<void> {
  if (fold.dirty.size === 0) return;
  const told = [...new Set(fold.steps.map((step) => step.contactId))];
  const who = known ?? (told.length === 0 ? new Map<string, Who>() : await whoAre(tx, told));
  await atOnce(
    tx,
    () => consumer.repository.save(tx, savedOf(fold, who, recordedAt)),
    () => tell(tx, changesOf(consumer.slice, consumer.tells, fold, who, recordedAt)),
  );
}
