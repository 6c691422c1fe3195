import { Role, roleScopes, type Scope } from '@keyturn/contracts';
import { recordAudit } from '../audit/audit.ts';
import { transact } from '../database.ts';
import type { BulkShell } from './rehearse-bulk.ts';

const ACTOR = 'system:bulk';
const NEEDED: readonly Scope[] = ['identity:decide', 'admin'];
const ROLES = Role.options.filter((role) => roleScopes[role].some((scope) => NEEDED.includes(scope)));

/** Cancels what runs in the name of somebody who may not decide any more: a member who is disabled or has another role, a key that is revoked or has expired. So
 *  nothing more is decided in that name. Answers how many. */
export const cancelUnentitled = ({ pool, now, newId }: BulkShell): Promise<number> =>
  transact(pool, async (tx) => {
    const at = now();
    const { rows } = await tx.query<{ bulk_id: string }>({
      name: 'bulk.cancel_unentitled',
      text: `update bulk_decision b set status = 'cancelled', cancelled_by = $4, ended_at = $1
             where status = 'running' and started_by <> 'key:bootstrap'
               and not exists (select from member where 'member:' || member_id = b.started_by and disabled_at is null and role = any($2::text[]))
               and not exists (select from api_key where 'key:' || key_id = b.started_by and revoked_at is null
                 and (expires_at is null or expires_at > $1) and scopes && $3::text[])
             returning bulk_id`,
      values: [at, ROLES, NEEDED, ACTOR],
    });
    for (const { bulk_id } of rows) {
      const what = { actor: ACTOR, action: 'cancelBulkDecision', subject: `bulk:${bulk_id}`, status: 200 };
      await recordAudit(tx, { phase: 'done', requestId: newId(), ...what }, at);
    }
    return rows.length;
  });
