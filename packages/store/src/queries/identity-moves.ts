import type { IdentityStatus } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** An identity that moved, with its place in the journal. */
export type IdentityMove = {
  readonly place: bigint;
  readonly contactId: string;
  readonly version: number;
  readonly status: IdentityStatus;
};
/** One look: what moved, the newest place that it could see, and which transactions were over then. */
export type MovesLook = {
  readonly moves: readonly IdentityMove[];
  readonly newest: bigint;
  /** All transactions before this one are over. */
  readonly settledBefore: bigint;
  /** None from this one on had begun, so none of them has a place up to `newest`. */
  readonly begunBefore: bigint;
};
type Row = {
  settled: string;
  begun: string;
  newest: string;
  entry_id: string | null;
  contact_id: string;
  version: number;
  status: IdentityStatus;
};

/** What moved after a place in the journal, in its order, as many as `limit` at most, in one statement and so in one snapshot. Places are given before they
 *  commit: whoever asks again must ask from a place up to which all had committed. */
export async function identityMoves(tx: Tx, after: bigint, limit: number): Promise<MovesLook> {
  const { rows } = await tx.query<Row>({
    name: 'identity.moves',
    text: `select pg_snapshot_xmin(snapshot)::text as settled, pg_snapshot_xmax(snapshot)::text as begun, newest, moved.*
           from pg_current_snapshot() as snapshot
             cross join (select coalesce(max(entry_id), 0) as newest from journal) as head
             left join lateral (
               select entry_id, contact_id, version, after->>'status' as status from journal
               where entry_id > $1 and slice = 'identity' order by entry_id limit $2) as moved on true`,
    values: [after.toString(), limit],
  });
  const [first] = rows;
  return {
    moves: rows.flatMap(({ entry_id, contact_id, version, status }) =>
      entry_id === null ? [] : [{ place: BigInt(entry_id), contactId: contact_id, version, status }],
    ),
    newest: BigInt(first?.newest ?? 0),
    settledBefore: BigInt(first?.settled ?? 0),
    begunBefore: BigInt(first?.begun ?? 0),
  };
}
