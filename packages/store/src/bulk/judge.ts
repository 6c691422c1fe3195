import type { BulkException, Verdict } from '@keyturn/contracts';
import { type Acknowledge, type IdentityState, identitySlice, refusal, type Stored, splitOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';

/** A change as somebody saw it; without `version`: as it is now. */
export type ToJudge = { readonly contactId: string; readonly keyHash?: string | null; readonly version?: number };
/** A change as the dry run saw it; `exception`: why it can't be decided on; null: it can. */
export type Judged = {
  readonly contactId: string;
  readonly keyHash: string | null;
  readonly version: number;
  readonly exception: BulkException | null;
};
type Row = {
  asked: string;
  merged_into: string | null;
  version: number | null;
  state: IdentityState | null;
  holdings: HoldingsJson | null;
};

/** Which of these could be decided on now, by what the decision itself asks before it locks. Nothing is written, nobody waits. */
export async function judge(tx: Tx, changes: readonly ToJudge[], verdict: Verdict): Promise<Judged[]> {
  const { rows } = await tx.query<Row>({
    name: 'bulk.judge',
    text: `select c.contact_id as asked, c.merged_into, i.version, i.state, i.holdings
           from contact c left join identity_state i using (contact_id) where c.contact_id = any($1::uuid[])`,
    values: [changes.map(({ contactId }) => contactId)],
  });
  const found = new Map(rows.map((row) => [row.asked, row]));
  return changes.map((change) => judged(change, found.get(change.contactId.toLowerCase()), verdict));
}

function judged({ contactId, ...seen }: ToJudge, row: Row | undefined, verdict: Verdict): Judged {
  if (row === undefined) return { contactId, keyHash: seen.keyHash ?? null, version: seen.version ?? 0, exception: 'not_found' };
  const stored: Stored<IdentityState> = {
    ...{ state: row.state ?? identitySlice.empty, version: row.version ?? 0, mergedInto: null },
    holdings: holdingsFromJson(row.holdings ?? []),
  };
  const now = identitySlice.view(stored.state, stored.version);
  const { keyHash = now.keyHash, version = now.version } = seen;
  const refused = refusal(stored, { keyHash, version } as Acknowledge);
  if (row.merged_into !== null) return { contactId, keyHash, version, exception: 'moved_on' }; // its survivor is another change
  const unsplit = verdict === 'different_person' && splitOf(stored) === null;
  return { contactId, keyHash, version, exception: refused ?? (unsplit ? 'nothing_to_split' : null) };
}
