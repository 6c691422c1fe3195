import {
  DAY_MS,
  DEAD_LETTER_DAYS,
  type DeadLetterDecision,
  type DeadLetterDetailJson,
  type DeadLetterFilter,
  type DeadLetterJson,
  type DeadLetterProgressJson,
  DeadLetterStatus,
  headers as headerNames,
} from '@keyturn/contracts';
import { maskWaId } from '@keyturn/runtime';
import type { Tx } from '../database.ts';
import { cells, LETTER_CELLS } from '../dead-letters/letter-cells.ts';

type Row = {
  dead_letter_id: string;
  group_id: string;
  topic: string;
  partition: number;
  offset: string;
  key: string | null;
  headers: Record<string, string>;
  contact_id: string | null;
  code: string;
  cause: string;
  attempts: number;
  dead_lettered_at: Date;
  status: DeadLetterStatus;
  outcome: string | null;
  decisions: string[];
};
const COLUMNS = `d.dead_letter_id, d.group_id, d.topic, d.partition, d."offset", d.key, d.headers, d.contact_id, d.code, d.cause, d.attempts,
  d.dead_lettered_at, d.status, d.outcome, d.decisions`;

/** Dead letters in one status, the oldest first, from after a place on (null: from the start). Numbers are masked. */
export async function listDeadLetters(
  tx: Tx,
  { status, ...filter }: DeadLetterFilter & { status: DeadLetterStatus },
  limit: number,
  after: string | null,
): Promise<DeadLetterJson[]> {
  const { rows } = await tx.query<Row>(
    `select l.* from ${LETTER_CELLS} cross join lateral (
       select ${COLUMNS} from dead_letter d
       where d.status = $3 and d.group_id = g.group_id and d.code = c.code and ($4::uuid is null or d.dead_letter_id > $4)
       order by d.dead_letter_id limit $5) l
     order by l.dead_letter_id limit $5`,
    [...cells(filter), status, after, limit],
  );
  const made = await decisionsOf(
    tx,
    rows.flatMap(({ decisions }) => decisions.slice(-1)),
  );
  return rows.map((row) => {
    const json = toJson(row, made);
    return { ...json, key: json.key && masked(json.key), cause: masked(json.cause) };
  });
}

/** All of one dead letter, nothing masked; null: there is none by this id. */
export async function readDeadLetter(tx: Tx, deadLetterId: string): Promise<DeadLetterDetailJson | null> {
  const { rows } = await tx.query<Row & { value: Buffer; stack: string }>(
    `select ${COLUMNS}, d.value, d.stack from dead_letter d where d.dead_letter_id = $1`,
    [deadLetterId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const made = await decisionsOf(tx, row.decisions);
  const decisions = row.decisions.flatMap((id) => made.get(id) ?? []);
  const { headers, value, stack } = row;
  return { ...toJson(row, made), headers, event: parsed(value), valueBase64: value.toString('base64'), stack, decisions };
}

/** Where the dead letters of a decision are now; null: nothing was decided under this id. */
export async function deadLetterProgress(tx: Tx, decisionId: string): Promise<DeadLetterProgressJson | null> {
  const decision = (await decisionsOf(tx, [decisionId])).get(decisionId);
  if (decision === undefined) return null;
  const { rows } = await tx.query<{ status: DeadLetterStatus; count: number }>(
    'select status, count(*)::int as count from dead_letter where decisions @> array[$1::uuid] group by status',
    [decisionId],
  );
  const none = Object.fromEntries(DeadLetterStatus.options.map((status) => [status, 0]));
  const letters = { ...none, ...Object.fromEntries(rows.map(({ status, count }) => [status, count])) } as Record<DeadLetterStatus, number>;
  return { ...decision, letters };
}

async function decisionsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, DeadLetterDecision>> {
  if (ids.length === 0) return new Map();
  type Columns = Omit<DeadLetterDecision, 'decisionId' | 'decidedAt'> & { decision_id: string; decided_at: Date };
  const { rows } = await tx.query<Columns>(
    'select decision_id, action, actor, reason, decided_at from dead_letter_decision where decision_id = any($1::uuid[])',
    [ids],
  );
  return new Map(
    rows.map(({ decision_id, decided_at, ...decision }) => [
      decision_id,
      { decisionId: decision_id, ...decision, decidedAt: decided_at.toISOString() },
    ]),
  );
}

function toJson(row: Row, made: ReadonlyMap<string, DeadLetterDecision>): DeadLetterJson {
  const { topic, partition, offset, key, headers, code, cause, attempts, status, outcome } = row;
  return {
    ...{ deadLetterId: row.dead_letter_id, group: row.group_id, topic, partition, offset, key, contactId: row.contact_id },
    ...{ eventType: headers[headerNames.eventType] ?? null, occurredAt: instantOf(headers[headerNames.occurredAt]) },
    ...{ code, cause, attempts, deadLetteredAt: row.dead_lettered_at.toISOString() },
    expiresAt: new Date(row.dead_lettered_at.getTime() + DEAD_LETTER_DAYS * DAY_MS).toISOString(),
    ...{ status, outcome, decision: made.get(row.decisions.at(-1) ?? '') ?? null },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Every number long enough to be somebody's is hidden; a contact's id stays. */
const masked = (text: string): string => (UUID.test(text) ? text : text.replace(/^\d+$|\d{6,}/g, maskWaId));

function instantOf(text: string | undefined): string | null {
  const at = new Date(text ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return null;
  }
}
