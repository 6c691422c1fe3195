import type { OpenChange } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** A contact, and its block as alerts look at it; null: it is not blocked. */
export type FollowedChange = { readonly contactId: string; readonly change: OpenChange | null };

/** Keeps what alerts look at in step with the blocks, in the transaction that follows their changes; a block that is as it was keeps its place, also where the person
 *  opted in or out meanwhile. One transaction is at it at a time, so a larger `seq` commits later. */
export async function keepOpenChanges(tx: Tx, followed: readonly FollowedChange[], at: Date): Promise<void> {
  const gone = followed.filter(({ change }) => change === null).map(({ contactId }) => contactId);
  const open = followed.flatMap(({ contactId, change }) => (change === null ? [] : [{ contactId, ...change }]));
  await tx.query({
    name: 'alerts.keep-changes',
    text: `with gone as (
             delete from alert_change where contact_id = any($1::uuid[])
           ), moved as (
             insert into alert_pulse (pulse_id, moved) values (1, 1) on conflict (pulse_id) do update set moved = alert_pulse.moved + 1
           ), open as (
             select * from jsonb_to_recordset($2::jsonb) as c("contactId" uuid, version int, since timestamptz, lead text, signals text[],
               "phoneNumberIds" text[], "optedInTo" text[], range text, masked text)
           ), at_stake as (
             update alert_change c set opted_in_to = o."optedInTo" from open o
             where c.contact_id = o."contactId" and c.version = o.version and c.opted_in_to <> o."optedInTo"
           )
           insert into alert_change (contact_id, version, since, seen_at, lead, signals, phone_number_ids, opted_in_to, range, masked)
           select "contactId", version, since, $3, lead, signals, "phoneNumberIds", "optedInTo", range, masked
           from open o where not exists (select from alert_change c where c.contact_id = o."contactId" and c.version = o.version)
           on conflict (contact_id) do update set seq = default, version = excluded.version, since = excluded.since, seen_at = excluded.seen_at,
             lead = excluded.lead, signals = excluded.signals, phone_number_ids = excluded.phone_number_ids, opted_in_to = excluded.opted_in_to,
             range = excluded.range, masked = excluded.masked`,
    values: [gone, JSON.stringify(open), at],
  });
}
