import type { Stored, Told, Who } from '@keyturn/domain';
import type { Tx } from './database.ts';

/** What a slice's rows become: the new state, and all that was told on the way (empty: only times moved). */
export type Saved<State, T extends Told> = {
  readonly contactId: string;
  readonly stored: Pick<Stored<State>, 'state' | 'version'>;
  /** What the directory says now; null: it was not asked, and the row keeps what it says of that. */
  readonly who: Pick<Who, 'holdings' | 'mergedInto'> | null;
  readonly told: readonly T[];
  readonly actor: string;
  readonly recordedAt: string;
};

/** A slice's rows, a batch at a time. No rule lives here. */
export type Repository<State, T extends Told> = {
  /** Makes the rows that are missing, then locks and reads all, in contact order, so that two transactions never wait for each other. */
  load(tx: Tx, contactIds: readonly string[]): Promise<Map<string, Stored<State>>>;
  save(tx: Tx, changed: readonly Saved<State, T>[]): Promise<void>;
};
