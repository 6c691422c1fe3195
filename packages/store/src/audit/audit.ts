import type { AuditEntryJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** Somebody does something, or did: before it is done, once it is known how that ended, or both in one. */
export type AuditEntry = {
  readonly phase: 'asked' | 'answered' | 'done';
  readonly requestId: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  /** As HTTP has it. */
  readonly status: number | null;
};

/** Adds to the audit log. */
export async function recordAudit(tx: Tx, { phase, requestId, actor, action, subject, status }: AuditEntry, now: Date): Promise<void> {
  await tx.query({
    name: 'audit.record',
    text: 'insert into audit_log (at, phase, request_id, actor, action, subject, status) values ($1, $2, $3, $4, $5, $6, $7)',
    values: [now, phase, requestId, actor, action, subject, status],
  });
}

/** Which entries are asked for. */
export type AuditFilter = {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
};
type Row = Pick<AuditEntryJson, 'id' | 'actor' | 'action' | 'subject' | 'requestId' | 'status'> & { at: Date };

/** What was done, each with how it ended, newest first, from before an entry on. */
export async function listAudit(tx: Tx, filter: AuditFilter, limit: number, before: string | null): Promise<AuditEntryJson[]> {
  const { rows } = await tx.query<Row>(
    `select a.entry_id as id, a.at, a.actor, a.action, coalesce(b.subject, a.subject) as subject, a.request_id as "requestId",
       coalesce(b.status, a.status) as status
     from audit_log a left join audit_log b on b.request_id = a.request_id and b.phase = 'answered'
     where a.phase in ('asked', 'done') and ($1::bigint is null or a.entry_id < $1)
       and ($2::text is null or a.actor = $2) and ($3::text is null or a.action = $3)
       and ($4::text is null or coalesce(b.subject, a.subject) = $4)
     order by a.entry_id desc limit $5`,
    [before, filter.actor ?? null, filter.action ?? null, filter.subject ?? null, limit],
  );
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}
