import type { BulkDecisionJson, BulkException, BulkRowJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type Row = Omit<BulkDecisionJson, 'createdAt' | 'expiresAt' | 'startedAt' | 'endedAt' | 'counts'> &
  Readonly<Record<'createdAt' | 'expiresAt', Date>> &
  Readonly<Record<'startedAt' | 'endedAt', Date | null>>;
const COLUMNS = `bulk_id as "bulkId", status, verdict, reason, note, evidence_url as "evidenceUrl", filter, more, created_by as "createdBy", created_at as "createdAt",
  expires_at as "expiresAt", started_by as "startedBy", started_at as "startedAt", cancelled_by as "cancelledBy", ended_at as "endedAt"`;

/** A decision about many changes, and how far it has come; null: there is none by this id. */
export async function readBulk(tx: Tx, bulkId: string, now: Date): Promise<BulkDecisionJson | null> {
  const { rows } = await tx.query<Row>({
    name: 'bulk.read',
    text: `select ${COLUMNS} from bulk_decision where bulk_id = $1`,
    values: [bulkId],
  });
  return (await withCounts(tx, rows, now))[0] ?? null;
}

/** The newest, from before a place on (null: from the newest). */
export async function listBulks(tx: Tx, limit: number, before: string | null, now: Date): Promise<BulkDecisionJson[]> {
  const { rows } = await tx.query<Row>({
    name: 'bulk.list',
    text: `select ${COLUMNS} from bulk_decision where bulk_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') order by bulk_id desc limit $1`,
    values: [limit, before],
  });
  return withCounts(tx, rows, now);
}

type Count = { bulk_id: string; outcome: string | null; reason: BulkException | null; count: number };
async function withCounts(tx: Tx, rows: readonly Row[], now: Date): Promise<BulkDecisionJson[]> {
  const { rows: counted } = await tx.query<Count>({
    name: 'bulk.counts',
    text: `select bulk_id, outcome, reason, count(*)::int as count from bulk_decision_row where bulk_id = any($1::uuid[]) group by 1, 2, 3 order by 4 desc, 3`,
    values: [rows.map(({ bulkId }) => bulkId)],
  });
  const countsOf = Map.groupBy(counted, ({ bulk_id }) => bulk_id);
  return rows.map(({ createdAt, expiresAt, startedAt, endedAt, status, ...row }) => ({
    ...row,
    status: status === 'ready' && expiresAt <= now ? 'expired' : status,
    ...{ createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
    ...{ startedAt: startedAt?.toISOString() ?? null, endedAt: endedAt?.toISOString() ?? null },
    counts: sumsOf(countsOf.get(row.bulkId) ?? []),
  }));
}

function sumsOf(counts: readonly Count[]): BulkDecisionJson['counts'] {
  const sum = (outcome: string | null) => counts.filter((one) => one.outcome === outcome).reduce((all, { count }) => all + count, 0);
  return {
    ...{ total: counts.reduce((all, { count }) => all + count, 0), waiting: sum(null), decided: sum('decided') },
    exceptions: counts.flatMap(({ reason, count }) => (reason === null ? [] : [{ reason, count }])),
  };
}

/** What became of each change, in order, from after a place on; `outcome`: of those alone. */
export async function bulkRows(
  tx: Tx,
  bulkId: string,
  limit: number,
  after: number,
  outcome: BulkRowJson['outcome'] | null = null,
): Promise<BulkRowJson[]> {
  const { rows } = await tx.query<Omit<BulkRowJson, 'decidedAt'> & { decidedAt: Date | null }>({
    name: 'bulk.rows',
    text: `select place, contact_id as "contactId", key_hash as "keyHash", version, coalesce(outcome, 'waiting') as outcome, reason, decision_id as "decisionId",
             new_contact_id as "newContactId", decided_at as "decidedAt"
           from bulk_decision_row where bulk_id = $1 and place > $2 and ($4::text is null or coalesce(outcome, 'waiting') = $4) order by place limit $3`,
    values: [bulkId, after, limit, outcome],
  });
  return rows.map((row) => ({ ...row, decidedAt: row.decidedAt?.toISOString() ?? null }));
}
