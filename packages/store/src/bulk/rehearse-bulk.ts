import { AppError, BULK_MAX, type BulkDecisionRequest, type BulkRehearsedJson, MINUTE_MS } from '@keyturn/contracts';
import type pg from 'pg';
import { integers, texts, uuids } from '../bind.ts';
import { type Tx, transact } from '../database.ts';
import { meantBy } from '../queue/meant.ts';
import { openContacts } from '../queue/page-of.ts';
import { newToken, tokenHash } from '../tokens.ts';
import { type Judged, judge, type ToJudge } from './judge.ts';
import { readBulk } from './read-bulk.ts';

/** So long can it be run. */
const VALID_MS = 30 * MINUTE_MS;
const CHUNK = 500;

/** What a dry run needs from the world. `newId`: UUIDv7. */
export type BulkShell = { readonly pool: pg.Pool; readonly now: () => Date; readonly newId: () => string };

/** The dry run: keeps which changes are meant, each as it is seen now, and which of them can't be decided on. What the token runs is exactly this: what
 *  comes in later is not in it, and what moves on later is not decided on. */
export async function rehearseBulk(
  { pool, now, newId }: BulkShell,
  request: BulkDecisionRequest,
  actor: string,
): Promise<BulkRehearsedJson> {
  const createdAt = now();
  const [bulkId, token] = [newId(), newToken()];
  const { changes, more } = await meant(pool, request, createdAt);
  const rows: Judged[] = [];
  for (let i = 0; i < changes.length; i += CHUNK) rows.push(...(await judge(pool, changes.slice(i, i + CHUNK), request.verdict)));
  await transact(pool, async (tx) => {
    await saveBulk(tx, { ...request, bulkId, more, token, actor, createdAt });
    for (let i = 0; i < rows.length; i += CHUNK) await saveRows(tx, bulkId, i, rows.slice(i, i + CHUNK));
  });
  const made = await readBulk(pool, bulkId, createdAt);
  if (made === null) throw new AppError('store.unavailable', 'a bulk decision that was just made is not there');
  return { ...made, token };
}

async function meant(
  tx: Tx,
  { changes, filter = {} }: BulkDecisionRequest,
  now: Date,
): Promise<{ changes: readonly ToJudge[]; more: boolean }> {
  if (changes !== undefined) return { changes, more: false };
  const found = await openContacts(tx, BULK_MAX + 1, await meantBy(tx, filter, now));
  return { changes: found.slice(0, BULK_MAX).map((contactId) => ({ contactId })), more: found.length > BULK_MAX };
}

type New = BulkDecisionRequest & { bulkId: string; more: boolean; token: string; actor: string; createdAt: Date };
async function saveBulk(tx: Tx, { filter, createdAt, ...bulk }: New): Promise<void> {
  await tx.query(
    `insert into bulk_decision (bulk_id, status, verdict, reason, note, evidence_url, filter, more, token_hash, created_by, created_at, expires_at)
     values ($1, 'ready', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[bulk.bulkId, bulk.verdict, bulk.reason, bulk.note ?? null, bulk.evidenceUrl ?? null],
      ...[filter === undefined ? null : JSON.stringify(filter), bulk.more, tokenHash(bulk.token)],
      ...[bulk.actor, createdAt, new Date(createdAt.getTime() + VALID_MS)],
    ],
  );
}

async function saveRows(tx: Tx, bulkId: string, from: number, rows: readonly Judged[]): Promise<void> {
  await tx.query({
    name: 'bulk.save_rows',
    text: `insert into bulk_decision_row (bulk_id, place, contact_id, key_hash, version, outcome, reason)
           select $1, place, contact_id, key_hash, version, case when reason is null then null else 'exception' end, reason
           from unnest($2::int[], $3::uuid[], $4::text[], $5::int[], $6::text[]) as r(place, contact_id, key_hash, version, reason)`,
    values: [
      bulkId,
      integers(rows.map((_, i) => from + i + 1)),
      uuids(rows.map(({ contactId }) => contactId)),
      texts(rows.map(({ keyHash }) => keyHash)),
      integers(rows.map(({ version }) => version)),
      texts(rows.map(({ exception }) => exception)),
    ],
  });
}
