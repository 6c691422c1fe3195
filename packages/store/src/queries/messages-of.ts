import type { ContactMessageJson } from '@keyturn/contracts';
import { type ContactState, contactSlice, type Holding, sightingsOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { holdingColumns } from '../holdings.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';
import { mergedInto } from './timeline.ts';

/** Where a page ended: its instant, and which of that instant. */
type MessagePlace = { readonly at: string; readonly id: string };
type Row = { wamid: string; rank: number; at: Date; phone_number_id: string; category: string | null };
const KINDS = ['failed', 'sent', 'delivered', 'read'] as const;

/** What was written to a contact and by it, newest first, from before a place on (null: from the newest): each status of a message of ours (that it was sent the gate may
 *  say as well as the platform, seconds apart: the first counts), what the gate denied, and of the
 *  person's own messages the first and the newest 31 on each number of ours. Which, when and how far; never what they say. */
export async function messagesOf(tx: Tx, contactId: string, limit: number, before: MessagePlace | null): Promise<ContactMessageJson[]> {
  const who = (await whoAre(tx, [contactId])).get(contactId);
  if (who === undefined) return [];
  const sent = (await statusesOf(tx, who.scope, who.holdings, limit, before)).map(sentMessage);
  const wrote = (await sightings(tx, contactId)).filter((one) => before === null || isBefore(one, before));
  const denied = await deniedOf(tx, contactId, limit, before);
  return [...sent, ...denied, ...wrote].sort(newestFirst).slice(0, limit);
}

/** The order of messages: newest first, and of one instant by id. */
const newestFirst = (a: ContactMessageJson, b: ContactMessageJson): number =>
  Number(a.at < b.at) - Number(a.at > b.at) || Number(a.id < b.id) - Number(a.id > b.id);
const isBefore = (one: ContactMessageJson, { at, id }: MessagePlace): boolean => one.at < at || (one.at === at && one.id < id);

async function statusesOf(tx: Tx, scope: string, holdings: readonly Holding[], limit: number, before: MessagePlace | null): Promise<Row[]> {
  const { rows } = await tx.query<Row>({
    name: 'messages.statuses',
    text: `select o.wamid, o.rank, o.occurred_at as at, o.phone_number_id, o.category
           from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as held(identifier, "from", "to") cross join lateral (
             select * from outbound_status s where s.identifier = held.identifier and s.occurred_at >= held."from" and s.occurred_at < held."to"
               and s.occurred_at <= coalesce($5::timestamptz, 'infinity')
               and (s.occurred_at < coalesce($5::timestamptz, 'infinity') or ('message:' || s.wamid || ':' || s.rank) collate "C" < $6)
               and s.waba_id in (select waba_id from waba_scope where scope = $4)
               and not exists (select from outbound_status e where e.identifier = s.identifier and e.wamid = s.wamid and e.rank = s.rank
                 and e.occurred_at < s.occurred_at and e.occurred_at >= s.occurred_at - interval '1 hour')
             order by s.occurred_at desc, ('message:' || s.wamid || ':' || s.rank) collate "C" desc limit $7) o
           order by o.occurred_at desc, ('message:' || o.wamid || ':' || o.rank) collate "C" desc limit $7`,
    values: [...holdingColumns(holdings), scope, before?.at ?? null, before?.id ?? '', limit],
  });
  return rows;
}

const sentMessage = ({ wamid, rank, at, phone_number_id: phoneNumberId, category }: Row): ContactMessageJson => ({
  ...{ id: `message:${wamid}:${rank}`, kind: KINDS[rank] ?? 'sent', at: at.toISOString(), phoneNumberId, wamid, category },
});

type Denied = { decision_id: string; at: Date; phone_number_id: string; category: string | null; reasons: string[] };
async function deniedOf(tx: Tx, contactId: string, limit: number, before: MessagePlace | null): Promise<ContactMessageJson[]> {
  const { rows } = await tx.query<Denied>({
    name: 'messages.denied',
    text: `select d.* from unnest($1::uuid[]) as ids(id) cross join lateral (
             select decision_id, decided_at as at, phone_number_id, category, reasons from gate_decision
             where contact_id = ids.id and decision = 'deny' and decided_at <= coalesce($2::timestamptz, 'infinity')
               and (decided_at < coalesce($2::timestamptz, 'infinity') or 'denied:' || decision_id < $3)
             order by decided_at desc, decision_id desc limit $4) d
           order by at desc, decision_id desc limit $4`,
    values: [[contactId, ...(await mergedInto(tx, contactId))], before?.at ?? null, before?.id ?? '', limit],
  });
  return rows.map(({ decision_id, at, phone_number_id: phoneNumberId, category, reasons }) => ({
    ...{ id: `denied:${decision_id}`, kind: 'denied', at: at.toISOString(), phoneNumberId, wamid: null, category, reasons },
  }));
}

async function sightings(tx: Tx, contactId: string): Promise<ContactMessageJson[]> {
  const { rows } = await tx.query<{ contact: ContactState }>({
    name: 'messages.sightings',
    text: `select ${CONTACT_STATE} as contact from contact_state s where contact_id = $1`,
    values: [contactId],
  });
  return sightingsOf(rows[0]?.contact ?? contactSlice.empty).map(({ at, phoneNumberId }) => ({
    ...{ id: `person:${phoneNumberId ?? ''}`, kind: 'received', at, phoneNumberId, wamid: null, category: null },
  }));
}
