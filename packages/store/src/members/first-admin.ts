import { DAY_MS } from '@keyturn/contracts';
import { type Database, transact } from '../database.ts';
import { hasMembers } from './members.ts';
import { makeLink } from './one-time-links.ts';

/** Makes the token by which the first admin is made, once; the one before is of no use any more. Null: there is a member already. */
export const offerFirstAdmin = ({ pool }: Pick<Database, 'pool'>, now: Date): Promise<string | null> =>
  transact(pool, async (tx) => ((await hasMembers(tx)) ? null : makeLink(tx, null, now, new Date(now.getTime() + DAY_MS))));
