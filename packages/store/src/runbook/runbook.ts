import { AppError, type RunbookJson, type RunbookRequest } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type Row = Pick<RunbookJson, 'version' | 'general' | 'rules' | 'actor'> & { set_at: Date };
const none: RunbookJson = { version: 0, general: null, rules: [], actor: null, setAt: null };
const toJson = ({ set_at, ...row }: Row): RunbookJson => ({ ...row, setAt: set_at.toISOString() });

/** The runbook as it is now; an empty one where none was ever written. */
export async function readRunbook(tx: Tx): Promise<RunbookJson> {
  const { rows } = await tx.query<Row>({
    name: 'runbook.read',
    text: 'select version, general, rules, actor, set_at from runbook order by version desc limit 1',
  });
  return rows[0] === undefined ? none : toJson(rows[0]);
}

/** Puts a runbook in the place of the one that was seen, which stays on record. Of two at once on one version one is taken. Throws `runbook.conflict` with the
 *  present one where that is another. */
export async function setRunbook(tx: Tx, { version, general, rules }: RunbookRequest, actor: string, now: Date): Promise<RunbookJson> {
  const { rows } = await tx.query<Row>({
    name: 'runbook.set',
    text: `insert into runbook (version, general, rules, actor, set_at)
           select $1::int + 1, $2, $3, $4, $5 where $1 = (select coalesce(max(version), 0) from runbook)
           on conflict do nothing returning version, general, rules, actor, set_at`,
    values: [version, general, JSON.stringify(rules), actor, now],
  });
  if (rows[0] !== undefined) return toJson(rows[0]);
  const present = await readRunbook(tx);
  throw new AppError('runbook.conflict', 'Somebody else changed the runbook since. Look at `present`, and send yours with its version.', {
    detail: { reason: 'moved_on', present },
  });
}
