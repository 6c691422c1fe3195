import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKeyJson, Scope } from '@keyturn/contracts';
import type { Tx } from './database.ts';
import { newToken, tokenHash } from './tokens.ts';

const KEY_ID_BYTES = 8;
const KEY = /^kt_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

type Row = {
  key_id: string;
  name: string;
  scopes: Scope[];
  created_at: Date;
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
};
const COLUMNS = 'key_id, name, scopes, created_at, created_by, expires_at, revoked_at';

/** What a key to be made is for. */
export type NewApiKey = { readonly name: string; readonly scopes: readonly Scope[]; readonly expiresAt: string | null };

/** Makes a key: random, in this answer and nowhere else, stored as a hash. It is of no use before the caller's transaction has committed. */
export async function createApiKey(tx: Tx, wanted: NewApiKey, actor: string, now: Date): Promise<ApiKeyJson & { key: string }> {
  const keyId = randomBytes(KEY_ID_BYTES).toString('hex');
  const secret = newToken();
  const { rows } = await tx.query<Row>(
    `insert into api_key (key_id, name, hash, scopes, created_at, created_by, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
    [keyId, wanted.name, tokenHash(secret), [...new Set(wanted.scopes)], now, actor, wanted.expiresAt],
  );
  return { ...toJson(rows[0] as Row), key: `kt_${keyId}_${secret}` };
}

/** What a presented key turns out to be. Only whoever has the secret learns that it expired or was revoked. */
export type KeyCheck =
  | { readonly kind: 'good'; readonly keyId: string; readonly name: string; readonly scopes: readonly Scope[] }
  | { readonly kind: 'unknown' | 'expired' | 'revoked' };

/** Checks a key by one read, in a time that does not depend on how much of its secret is right. */
export async function checkApiKey(tx: Tx, presented: string, now: Date): Promise<KeyCheck> {
  const [checked] = await checkApiKeys(tx, [presented], now);
  return checked as KeyCheck;
}

type Checked = Pick<Row, 'key_id' | 'name' | 'scopes' | 'expires_at' | 'revoked_at'> & { hash: Buffer };
/** Checks several keys by one read, in their order; one that many present at a time is looked at once. */
export async function checkApiKeys(tx: Tx, presented: readonly string[], now: Date): Promise<KeyCheck[]> {
  const parts = new Map([...new Set(presented)].map((key) => [key, KEY.exec(key)]));
  const { rows } = await tx.query<Checked>({
    name: 'api-key.check',
    text: 'select key_id, name, hash, scopes, expires_at, revoked_at from api_key where key_id = any($1::text[])',
    values: [[...parts.values()].flatMap((part) => part?.[1] ?? [])],
  });
  const byId = new Map(rows.map((row) => [row.key_id, row]));
  const checks = new Map([...parts].map(([key, part]) => [key, checked(byId.get(part?.[1] ?? ''), part?.[2] ?? '', now)]));
  return presented.map((key) => checks.get(key) as KeyCheck);
}

function checked(row: Checked | undefined, secret: string, now: Date): KeyCheck {
  if (row === undefined || !timingSafeEqual(row.hash, tokenHash(secret))) return { kind: 'unknown' };
  if (row.revoked_at !== null) return { kind: 'revoked' };
  if (row.expires_at !== null && row.expires_at <= now) return { kind: 'expired' };
  return { kind: 'good', keyId: row.key_id, name: row.name, scopes: row.scopes };
}

/** All keys, the newest first; revoked ones stay, since decisions name them. */
export async function listApiKeys(tx: Tx): Promise<ApiKeyJson[]> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} from api_key order by created_at desc, key_id`);
  return rows.map(toJson);
}

/** Makes a key useless from now on. A second time changes nothing. False: there is no such key. */
export async function revokeApiKey(tx: Tx, keyId: string, actor: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update api_key set revoked_at = coalesce(revoked_at, $2), revoked_by = coalesce(revoked_by, $3) where key_id = $1',
    [keyId, now, actor],
  );
  return rowCount === 1;
}

const toJson = (row: Row): ApiKeyJson => ({
  keyId: row.key_id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});
