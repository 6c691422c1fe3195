import type { PlatformTokenJson, PlatformTokensResealedJson } from '@keyturn/contracts';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import type { Sealer } from './seal.ts';

/** Whose token it is: of one number of ours, or of all numbers of a WABA. */
export type TokenHolder = { readonly kind: 'number' | 'waba'; readonly id: string };

type Row = {
  token_id: string;
  of_kind: TokenHolder['kind'];
  of_id: string;
  sealed: Buffer | null;
  set_at: Date;
  set_by: string;
  removed_at: Date | null;
  removed_by: string | null;
};
const COLUMNS = 'token_id, of_kind, of_id, sealed, set_at, set_by, removed_at, removed_by';
const IN_FORCE = `select ${COLUMNS} from platform_token where removed_at is null`;

/** What a token is sealed for: moved to another row it does not open. */
const contextOf = ({ of_kind, of_id }: Pick<Row, 'of_kind' | 'of_id'>): string => `${of_kind}:${of_id}`;

type NewToken = { readonly tokenId: string; readonly holder: TokenHolder; readonly token: string };
/** Keeps a token, encrypted, and erases the one that was in force. Of two at once for one holder the later stays. */
export async function setPlatformToken(
  pool: pg.Pool,
  sealer: Sealer,
  wanted: NewToken,
  actor: string,
  now: Date,
): Promise<PlatformTokenJson> {
  const { tokenId, holder, token } = wanted;
  const { rows } = await transact(pool, async (tx) => {
    await lockTokens(tx);
    await tx.query(
      `update platform_token set sealed = null, removed_at = $3, removed_by = $4 where of_kind = $1 and of_id = $2 and removed_at is null`,
      [holder.kind, holder.id, now, actor],
    );
    return tx.query<Row>(
      `insert into platform_token (token_id, of_kind, of_id, sealed, set_at, set_by) values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
      [tokenId, holder.kind, holder.id, sealer.seal(token, contextOf({ of_kind: holder.kind, of_id: holder.id })), now, actor],
    );
  });
  return toJson(rows[0] as Row, sealer);
}

/** One change at a time: who sets, removes or encrypts anew sees what the one before did. */
const lockTokens = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('keyturn platform tokens'), hashtext(current_schema()))`);

/** All that are held or were, the newest first, without the tokens. `sealer` null: there is no key that could open them. */
export async function listPlatformTokens(tx: Tx, sealer: Sealer | null): Promise<PlatformTokenJson[]> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from platform_token order by set_at desc, token_id desc`);
  return rows.map((row) => toJson(row, sealer));
}

/** Erases a token. A second time changes nothing. False: there is no such token. */
export async function removePlatformToken(tx: Tx, tokenId: string, actor: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update platform_token set sealed = null, removed_at = coalesce(removed_at, $2), removed_by = coalesce(removed_by, $3) where token_id = $1`,
    [tokenId, now, actor],
  );
  return rowCount === 1;
}

/** Encrypts every token in force with the current key that is under another one. What no key opens stays as it is. */
export function resealPlatformTokens(pool: pg.Pool, sealer: Sealer): Promise<PlatformTokensResealedJson> {
  return transact(pool, async (tx) => {
    await lockTokens(tx);
    const { rows } = await tx.query<Row>(`${IN_FORCE} for update`);
    const opened = rows.map((row) => ({ row, opened: openedOf(row, sealer) }));
    const old = opened.flatMap(({ row, opened: one }) => (one === null || one.by === 0 ? [] : [{ row, text: one.text }]));
    await tx.query(
      `update platform_token t set sealed = anew.sealed from unnest($1::uuid[], $2::bytea[]) as anew(token_id, sealed) where t.token_id = anew.token_id`,
      [old.map(({ row }) => row.token_id), old.map(({ row, text }) => sealer.seal(text, contextOf(row)))],
    );
    return { resealed: old.length, unreadable: opened.filter((one) => one.opened === null).length };
  });
}

type InForce = { readonly holder: TokenHolder; readonly phoneNumberIds: readonly string[]; readonly token: string | null };
/** The tokens in force, each with the numbers of ours that it is for; those of numbers themselves last. `token` null: none of the keys opens it. */
export async function readPlatformTokens(tx: Tx, sealer: Sealer): Promise<InForce[]> {
  const { rows } = await tx.query<Row & { numbers: string[] }>({
    name: 'platform-token.in-force',
    text: `select t.*, case when of_kind = 'number' then array[of_id]
             else array(select phone_number_id from waba_number n where n.waba_id = t.of_id) end as numbers
           from (${IN_FORCE}) as t order by of_kind desc`,
  });
  return rows.map((row) => ({
    holder: { kind: row.of_kind, id: row.of_id },
    phoneNumberIds: row.numbers,
    token: openedOf(row, sealer)?.text ?? null,
  }));
}

const openedOf = (row: Row, sealer: Sealer) => (row.sealed === null ? null : sealer.open(row.sealed, contextOf(row)));

function sealOf(row: Row, sealer: Sealer | null): PlatformTokenJson['seal'] {
  if (row.removed_at !== null) return null;
  const opened = sealer === null ? null : openedOf(row, sealer);
  if (opened === null) return 'unreadable';
  return opened.by === 0 ? 'current' : 'previous';
}

const toJson = (row: Row, sealer: Sealer | null): PlatformTokenJson => ({
  tokenId: row.token_id,
  phoneNumberId: row.of_kind === 'number' ? row.of_id : null,
  wabaId: row.of_kind === 'waba' ? row.of_id : null,
  setAt: row.set_at.toISOString(),
  setBy: row.set_by,
  removedAt: row.removed_at?.toISOString() ?? null,
  removedBy: row.removed_by,
  seal: sealOf(row, sealer),
});
