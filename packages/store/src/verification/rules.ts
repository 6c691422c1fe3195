import { AppError, type VerificationRulesJson, type VerificationRulesRequest } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type Row = Pick<VerificationRulesJson, 'version' | 'endpoints' | 'rules' | 'reason' | 'actor'> & { set_at: Date };
const none: VerificationRulesJson = { version: 0, endpoints: [], rules: [], reason: null, actor: null, setAt: null };
const toJson = ({ set_at, ...row }: Row): VerificationRulesJson => ({ ...row, setAt: set_at.toISOString() });

/** The rules in force; none where none were ever set. */
export async function readVerificationRules(tx: Tx): Promise<VerificationRulesJson> {
  const { rows } = await tx.query<Row>({
    name: 'verification.rules',
    text: 'select version, endpoints, rules, reason, actor, set_at from verification_rules order by version desc limit 1',
  });
  return rows[0] === undefined ? none : toJson(rows[0]);
}

/** Puts rules in force, in place of those that were seen; what was in force stays on record. Of two at once on one version one is taken. Throws
 *  `verification.conflict` with the present rules where those are others. */
export async function setVerificationRules(
  tx: Tx,
  { version, endpoints, rules, reason }: VerificationRulesRequest,
  actor: string,
  now: Date,
): Promise<VerificationRulesJson> {
  const { rows } = await tx.query<Row>({
    name: 'verification.set-rules',
    text: `insert into verification_rules (version, endpoints, rules, reason, actor, set_at)
           select $1::int + 1, $2, $3, $4, $5, $6 where $1 = (select coalesce(max(version), 0) from verification_rules)
           on conflict do nothing returning version, endpoints, rules, reason, actor, set_at`,
    values: [version, JSON.stringify(endpoints), JSON.stringify(rules), reason, actor, now],
  });
  if (rows[0] !== undefined) return toJson(rows[0]);
  const present = await readVerificationRules(tx);
  throw new AppError('verification.conflict', 'Somebody else set rules since. Look at `present`, and send yours with its version.', {
    detail: { reason: 'moved_on', present },
  });
}
