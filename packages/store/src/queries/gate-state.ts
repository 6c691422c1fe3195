import {
  bsuidNamespace,
  type ConsentState,
  type ContactState,
  canonicalWaId,
  type GateState,
  gateContact,
  type Identifier,
  type IdentityState,
  joinHoldings,
  outboundRanks,
  type SentLately,
  type StoredContact,
} from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { mergedIntoSql } from '../send-counts/send-counts.ts';
import { CONTACT_STATE } from '../slices/contact-columns.ts';

/** Whom a send names. `digits`: of `to`; `spelled`: the `spellingKey` of it; `home`: what else they may be, with our own country code. `windows`: whether it is
 *  judged by service windows. */
export type GateAsked = {
  readonly digits: string | null;
  readonly spelled: string | null;
  readonly home: readonly string[];
  readonly recipient: string | null;
  readonly windows: boolean;
};
/** A WABA and the scope that its identifiers are known in. */
export type WabaScope = { readonly wabaId: string; readonly scope: string };

/** `holdings` null: as the directory has them. */
type StoredJson<State> = { version: number; state: State; holdings: HoldingsJson | null } | null;
type ContactColumns = {
  contact_id: string;
  scope: string;
  merged_into: string | null;
  holdings: HoldingsJson;
  signals: { signal: string; at: number }[];
  contact: { state: ContactState } | null;
  identity: StoredJson<IdentityState>;
  consent: StoredJson<ConsentState>;
  failed_at: number | null;
  sent: SentLately | null;
};
type Row = { found: [place: number, contactId: string][]; contacts: ContactColumns[]; age_ms: number | null };

/** The groups whose word the gate takes, each on every topic that it reads. */
const GROUPS = ['contact', 'identity', 'consent'];
const SLICE = (alias: string) =>
  `case when ${alias}.contact_id is not null
     then json_build_object('version', ${alias}.version, 'state', ${alias}.state, 'holdings', nullif(${alias}.holdings, h.holdings)) end`;
/** What was said and when, the most of it, is asked by service windows alone, and where something could not be brought. */
const CONTACT = `case when s.contact_id is not null then json_build_object('state', case when $7 or f.failed_at is not null then ${CONTACT_STATE}
  else jsonb_build_object('kept', '{}'::jsonb, 'held', s.state->'held', 'blocks', s.business_blocks) end) end`;
const HOLDINGS = `select coalesce(jsonb_agg(jsonb_build_object('identifier', p.identifier,
    'from', case when isfinite(p."from") then date_part('epoch', p."from") end, 'to', case when isfinite(p."to") then date_part('epoch', p."to") end)
    order by p.identifier collate "C", p."from"), '[]') as holdings
  from identifier_period p where p.contact_id = c.contact_id`;

/** Of what the contact holds, when something last could not be brought there, unless something was since. */
const UNDELIVERABLE = `select date_part('epoch', max(u.failed_at)) as failed_at from identifier_period p join outbound_undeliverable u using (identifier)
  where p.contact_id = c.contact_id and p."to" > now() and u.failed_at >= p."from"
    and u.failed_at >= coalesce((select kept_from from outbound_kept), '-infinity')
    and not exists (select from outbound_status o where o.identifier = u.identifier and o.rank >= ${outboundRanks.delivered} and o.occurred_at >= u.failed_at)`;
const SENT = `select coalesce(json_object_agg(category, instants), '{}') from (
    select n.category, json_agg(date_part('epoch', at) * 1000) as instants from send_count n cross join unnest(n.sent_at) as t(at)
    where n.contact_id = c.contact_id or n.contact_id in (${mergedIntoSql('c.contact_id')}) group by n.category) as lately`;

/** Everything in one statement, so that what is known and how current it is are of one instant. A number that somebody is to hold soon, by a clock
 *  ahead of ours, counts as held already. What waits to be told is not followed yet, so the oldest of it is how old the state is. */
const TEXT = `
  with asked as (
    select a.place, a.scope, coalesce('w:' || (select n.canonical from number_spelling n where n.spelled = a.spelled), a.identifier) as identifier
    from unnest($1::int[], $2::text[], $3::text[], $5::text[]) as a(place, scope, identifier, spelled)
  ),
  found as (
    select distinct asked.place, held.contact_id from asked cross join lateral (
      select p.contact_id from identifier_period p where p.scope = asked.scope and p.identifier = asked.identifier and p."to" > now()
    ) as held where held.contact_id is not null
  ),
  progress as (
    select count(distinct group_id) as groups, bool_or(log_lost_at is not null) as lost, min(caught_up_at) as caught_up_at
    from consumer_offset where group_id = any($4::text[])
  ),
  waiting as (select created_at from outbox order by position limit 1)
  select
    (select coalesce(json_agg(json_build_array(place, contact_id)), '[]') from found) as found,
    (select coalesce(json_agg(json_build_object('contact_id', c.contact_id, 'scope', c.scope, 'merged_into', c.merged_into,
       'holdings', h.holdings,
       'signals', (select coalesce(json_agg(json_build_object('signal', g.signal, 'at', date_part('epoch', g.at))), '[]')
         from contact_signal g where g.contact_id = c.contact_id),
       'contact', ${CONTACT}, 'identity', ${SLICE('i')}, 'consent', ${SLICE('k')}, 'failed_at', f.failed_at, 'sent', case when $6 then (${SENT}) end)), '[]')
     from (select distinct contact_id from found) as ids join contact c using (contact_id)
     left join contact_state s using (contact_id) left join identity_state i using (contact_id) left join consent_state k using (contact_id)
     cross join lateral (${HOLDINGS}) as h cross join lateral (${UNDELIVERABLE}) as f) as contacts,
    (select case when groups = cardinality($4::text[]) and not lost
       then extract(epoch from now() - least(caught_up_at, (select created_at from waiting))) * 1000 end::float8 from progress) as age_ms`;

/** What is known of each send's recipient, in the order asked, by one statement. Wherever a number or BSUID is known, in whichever scope, counts. Rejects
 *  where the database does not answer. `counts`: what was sent to
 *  them lately as well. */
export async function readGateStates(
  tx: Tx,
  asked: readonly GateAsked[],
  wabas: readonly WabaScope[],
  { counts }: { readonly counts: boolean },
): Promise<Omit<GateState, 'number'>[]> {
  const points = asked.flatMap((one, i) => [
    ...(one.digits === null ? [] : numberPoints(one.digits, one.spelled, wabas)).map((point) => ({ place: 3 * i, ...point })),
    ...bsuidPoints(one, wabas).map((point) => ({ place: 3 * i + 1, ...point })),
    ...one.home.flatMap((digits) => numberPoints(digits, `+${digits}`, wabas)).map((point) => ({ place: 3 * i + 2, ...point })),
  ]);
  const { rows } = await tx.query<Row>({
    name: 'gate.states',
    text: TEXT,
    values: [
      ...[points.map(({ place }) => place), points.map(({ scope }) => scope), points.map(({ identifier }) => identifier), GROUPS],
      points.map(({ spelled }) => spelled),
      counts,
      asked.some(({ windows }) => windows),
    ],
  });
  const { found, contacts, age_ms } = rows[0] as Row;
  const known = new Map(contacts.map((one) => [one.contact_id, gateContact(storedOf(one))]));
  const places = Map.groupBy(found, ([place]) => place);
  const at = (place: number) => (places.get(place) ?? []).flatMap(([, contactId]) => known.get(contactId) ?? []);
  const ageMs = age_ms === null ? Number.POSITIVE_INFINITY : Math.max(0, age_ms);
  return asked.map((_, i) => ({ ageMs, byTo: at(3 * i), byRecipient: at(3 * i + 1), byHome: at(3 * i + 2) }));
}

/** `spelled`: by which what the platform calls the number may be known; null: it is no number. */
type Point = { readonly scope: string; readonly identifier: Identifier; readonly spelled: string | null };
function numberPoints(digits: string, spelled: string | null, wabas: readonly WabaScope[]): Point[] {
  return [...new Set(wabas.map(({ scope }) => scope))].map((scope) => ({ scope, identifier: `w:${canonicalWaId(digits)}`, spelled }));
}
function bsuidPoints({ recipient }: GateAsked, wabas: readonly WabaScope[]): Point[] {
  if (recipient === null) return [];
  const points = wabas.flatMap(({ scope, wabaId }): Point[] => {
    const value = `${bsuidNamespace(scope, wabaId)}:${recipient}`;
    return [
      { scope, identifier: `u:${value}`, spelled: null },
      { scope, identifier: `p:${value}`, spelled: null },
    ];
  });
  return [...new Map(points.map((point) => [`${point.scope} ${point.identifier}`, point])).values()];
}

function storedOf({
  contact_id,
  scope,
  merged_into,
  signals,
  contact,
  identity,
  consent,
  failed_at,
  sent,
  ...held
}: ContactColumns): StoredContact {
  const holdings = joinHoldings(holdingsFromJson(held.holdings));
  const sliceOf = <State>(json: StoredJson<State>) =>
    json && { state: json.state, version: json.version, holdings: json.holdings === null ? holdings : holdingsFromJson(json.holdings) };
  return {
    failedAt: failed_at,
    sent,
    who: { contactId: contact_id, scope, mergedInto: merged_into, holdings, signals },
    contact,
    identity: sliceOf(identity),
    consent: sliceOf(consent),
  };
}
