import type {
  VerificationAnswer,
  VerificationDeliveryJson,
  VerificationDetailJson,
  VerificationJson,
  VerificationStatus,
} from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type DeliveryRow = { attempt: number; started_at: Date; ended_at: Date | null; outcome: string | null; http_status: number | null };
type Row = Pick<VerificationJson, 'version' | 'rule' | 'endpoint' | 'verdicts' | 'status' | 'attempts'> & {
  request_id: string;
  contact_id: string;
  requested_at: Date;
  valid_until: Date;
  next_attempt_at: Date;
  delivered_at: Date | null;
  answer: VerificationAnswer | null;
  answered_at: Date | null;
  last: { attempt: number; started_at: string; ended_at: string | null; outcome: string | null; http_status: number | null } | null;
};
const SELECT = `select v.request_id, v.contact_id, v.version, v.rule, v.endpoint, v.verdicts, v.status, v.requested_at, v.valid_until, v.attempts,
    v.next_attempt_at, v.delivered_at, v.answer, v.answered_at, to_jsonb(d) as last
  from verification v left join lateral (
    select attempt, started_at, ended_at, outcome, http_status from verification_delivery
    where request_id = v.request_id order by attempt desc limit 1
  ) d on true`;

/** Which requests are asked for. */
export type VerificationsWanted = { readonly status?: VerificationStatus | undefined; readonly contactId?: string | undefined };

/** Requests to the business, the newest first, from before one on (null: from the newest). */
export async function listVerifications(
  tx: Tx,
  { status, contactId }: VerificationsWanted,
  limit: number,
  before: string | null,
): Promise<VerificationJson[]> {
  const { rows } = await tx.query<Row>(
    `${SELECT} where ($1::text is null or v.status = $1) and ($2::uuid is null or v.contact_id = $2) and ($3::uuid is null or v.request_id < $3)
     order by v.request_id desc limit $4`,
    [status ?? null, contactId ?? null, before, limit],
  );
  return rows.map(toJson);
}

/** One request with all its attempts, the newest first; null: there is none. */
export async function readVerification(tx: Tx, requestId: string): Promise<VerificationDetailJson | null> {
  const { rows } = await tx.query<Row>(`${SELECT} where v.request_id = $1`, [requestId]);
  if (rows[0] === undefined) return null;
  const made = await tx.query<DeliveryRow>(
    'select attempt, started_at, ended_at, outcome, http_status from verification_delivery where request_id = $1 order by attempt desc limit 1000',
    [requestId],
  );
  return { ...toJson(rows[0]), deliveries: made.rows.map(toDelivery) };
}

const instant = (at: Date | string | null): string | null => (at === null ? null : new Date(at).toISOString());
const toDelivery = ({
  attempt,
  started_at,
  ended_at,
  outcome,
  http_status,
}: DeliveryRow | NonNullable<Row['last']>): VerificationDeliveryJson => ({
  attempt,
  startedAt: new Date(started_at).toISOString(),
  endedAt: instant(ended_at),
  outcome,
  httpStatus: http_status,
});
const toJson = (row: Row): VerificationJson => ({
  requestId: row.request_id,
  contactId: row.contact_id,
  version: row.version,
  rule: row.rule,
  endpoint: row.endpoint,
  verdicts: row.verdicts,
  status: row.status,
  requestedAt: row.requested_at.toISOString(),
  validUntil: row.valid_until.toISOString(),
  attempts: row.attempts,
  nextAttemptAt: row.status === 'waiting' ? row.next_attempt_at.toISOString() : null,
  deliveredAt: instant(row.delivered_at),
  lastDelivery: row.last === null ? null : toDelivery(row.last),
  answer: row.answer,
  answeredAt: instant(row.answered_at),
});
