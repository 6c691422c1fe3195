import type { ExposureJson, IdentityView } from '@keyturn/contracts';
import { exposureSpan, identitySlice } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { countExposed, exposedMessages, type MessagePlace, noneExposed } from './exposed-messages.ts';
import { readIdentity } from './read-identity.ts';
import { ungatedTo } from './ungated-to.ts';

/** What went to a contact since the holder whom we knew last showed, about its open block, else about the latest that was decided. One message more than
 *  the limit where there are more. */
export async function exposureOf(
  tx: Tx,
  contactId: string,
  limit: number,
  before: MessagePlace | null,
): Promise<Omit<ExposureJson, 'nextCursor'>> {
  const block = await blockOf(tx, contactId);
  const span = block && exposureSpan(block.view);
  const recordedSince = await recordedFrom(tx);
  if (block === null || span === null) return { contactId, ...nothing, recordedSince };
  const who = await whoAre(tx, block.of);
  const scope = who.get(contactId)?.scope ?? '';
  const asked = { scope, holdings: [...who.values()].flatMap(({ holdings }) => holdings), span, until: block.decidedAt };
  const counts = await countExposed(tx, asked);
  const past = await ungatedTo(tx, [{ contactId, scope, holdings: asked.holdings, since: span.blockedAt }]);
  const ungated = block.decidedAt === null ? past.get(contactId) : undefined;
  return {
    ...{ contactId, blockedAt: span.blockedAt, decidedAt: block.decidedAt },
    since: [...span.since].map(([phoneNumberId, at]) => ({ phoneNumberId, at })),
    sinceElsewhere: span.elsewhere,
    recordedSince,
    beforeBlock: counts.before_block,
    afterBlock: counts.after_block,
    ...(ungated === undefined ? {} : { ungated }),
    items: await exposedMessages(tx, asked, limit, before),
  };
}
const nothing = {
  ...{ blockedAt: null, decidedAt: null, since: [], sinceElsewhere: null },
  ...{ beforeBlock: noneExposed, afterBlock: noneExposed, items: [] },
};

/** A block as it is, or as it was when it was decided; `of`: who has had what was sent, since a verdict gave a number to somebody else. */
type Block = { readonly view: IdentityView; readonly decidedAt: string | null; readonly of: readonly string[] };
async function blockOf(tx: Tx, contactId: string): Promise<Block | null> {
  const { state, version } = await readIdentity(tx, contactId);
  const view = identitySlice.view(state, version);
  if (view.status === 'blocked') return { view, decidedAt: null, of: [contactId] };
  const { rows } = await tx.query<{ view: IdentityView; decided_at: string; new_contact_id: string | null }>({
    name: 'exposure.decided',
    text: `select before as view, detail -> 'decision' ->> 'decidedAt' as decided_at, detail -> 'decision' ->> 'newContactId' as new_contact_id
           from journal where contact_id = $1 and slice = 'identity' and type = 'identity.acknowledged' order by entry_id desc limit 1`,
    values: [contactId],
  });
  const [row] = rows;
  return row === undefined
    ? null
    : { view: row.view, decidedAt: row.decided_at, of: [contactId, ...(row.new_contact_id ? [row.new_contact_id] : [])] };
}

async function recordedFrom(tx: Tx): Promise<string | null> {
  const { rows } = await tx.query<{ at: Date }>({
    name: 'exposure.recorded',
    text: 'select greatest(begun_at, kept_from) as at from outbound_kept',
  });
  return rows[0]?.at.toISOString() ?? null;
}
