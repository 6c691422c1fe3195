import {
  bsuidNamespace,
  type ConsentState,
  type ContactState,
  canonicalWaId,
  type GateContact,
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
import { type HoldingsJson, holdingOf, holdingsFromJson } from '../holdings.ts';
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

/** A contact as its row has it: what a send seldom asks about is null where it says nothing. */
type KnownRow = {
  readonly places: readonly number[];
  readonly contact_id: string;
  /** An identifier alone is held always. */
  readonly holdings: readonly (Identifier | [identifier: Identifier, from: number | null, to: number | null])[];
  readonly signals: StoredContact['who']['signals'] | null;
  readonly heard: boolean;
  readonly held: ContactState['held'];
  readonly blocks: ContactState['blocks'] | null;
  readonly said: ContactState | null;
  readonly identity_version: number | null;
  readonly identity: IdentityState;
  readonly identity_holdings: HoldingsJson;
  readonly consent_version: number | null;
  readonly consent: ConsentState;
  /** Null: as identity has them. */
  readonly consent_holdings: HoldingsJson | null;
  readonly failed_at: number | null;
  readonly sent: SentLately | null;
};
type Row = { readonly age_ms: number | null } & (KnownRow | { readonly places: null });

/** The groups whose word the gate takes, each on every topic that it reads. */
const GROUPS = ['contact', 'identity', 'consent'];
const seconds = (instant: string) => `case when isfinite(${instant}) then date_part('epoch', ${instant}) end`;
/** When something last could not be brought to what is held, unless something was since. Null comes first, since it is so of nearly all. */
const FAILED = `case when u.failed_at is not null and u.failed_at >= p."from" and p."to" > now() and u.failed_at >= coalesce((select kept_from from outbound_kept), '-infinity')
    and not exists (select from outbound_status o where o.identifier = u.identifier and o.rank >= ${outboundRanks.delivered} and o.occurred_at >= u.failed_at)
  then u.failed_at end`;
/** What a contact holds, and of that when something last could not be brought there. */
const HOLDINGS = `select json_agg(case when isfinite(p."from") or isfinite(p."to") then json_build_array(p.identifier, ${seconds('p."from"')}, ${seconds('p."to"')})
      else to_json(p.identifier) end) as holdings, date_part('epoch', max(${FAILED})) as failed_at
  from identifier_period p left join outbound_undeliverable u using (identifier) where p.contact_id = c.contact_id`;
const SENT = `select coalesce(json_object_agg(category, instants), '{}') from (
    select n.category, json_agg(date_part('epoch', at) * 1000) as instants from send_count n cross join unnest(n.sent_at) as t(at)
    where n.contact_id = any (array(select c.contact_id union all ${mergedIntoSql('c.contact_id')})) group by n.category) as lately`;

/** Everything in one statement, so that what is known and how current it is are of one instant. A number that somebody is to hold soon, by a clock
 *  ahead of ours, counts as held already. What waits to be told is not followed yet, so the oldest of it is how old the state is. */
const TEXT = `
  with asked as (
    select a.place, a.scope, coalesce('w:' || (select n.canonical from number_spelling n where n.spelled = a.spelled), a.identifier) as identifier
    from unnest($1::int[], $2::text[], $3::text[], $5::text[]) as a(place, scope, identifier, spelled)
  ),
  found as (
    select p.contact_id, array_agg(asked.place) as places from asked join identifier_period p on p.scope = asked.scope and p.identifier = asked.identifier
    where p."to" > now() and p.contact_id is not null group by p.contact_id
  ),
  progress as (
    select count(distinct group_id) as groups, bool_or(log_lost_at is not null) as lost, min(caught_up_at) as caught_up_at
    from consumer_offset where group_id = any($4::text[])
  ),
  waiting as (select created_at from outbox order by position limit 1)
  select age.age_ms, known.* from (
    select case when groups = cardinality($4::text[]) and not lost
      then extract(epoch from now() - least(caught_up_at, (select created_at from waiting))) * 1000 end::float8 as age_ms from progress
  ) as age left join (
    select c.places, c.contact_id, h.holdings, (select json_agg(json_build_object('signal', g.signal, 'at', date_part('epoch', g.at)))
        from contact_signal g where g.contact_id = c.contact_id) as signals,
      s.contact_id is not null as heard, s.state->'held' as held, nullif(s.business_blocks, '{}') as blocks,
      case when $7 or h.failed_at is not null then ${CONTACT_STATE} end as said,
      i.version as identity_version, i.state as identity, i.holdings as identity_holdings,
      k.version as consent_version, k.state as consent, nullif(k.holdings, i.holdings) as consent_holdings,
      h.failed_at, case when $6 then (${SENT}) end as sent
    from found c left join contact_state s using (contact_id) left join identity_state i using (contact_id) left join consent_state k using (contact_id)
    cross join lateral (${HOLDINGS}) as h
  ) as known on true`;

/** What is known of each send's recipient, in the order asked, by one statement. Wherever a number or BSUID is known, in whichever scope, counts. Rejects
 *  where the database does not answer. `counts`: what was sent to
 *  them lately as well. */
export async function readGateStates(
  tx: Tx,
  asked: readonly GateAsked[],
  wabas: readonly WabaScope[],
  { counts }: { readonly counts: boolean },
): Promise<Omit<GateState, 'number'>[]> {
  const scopes = [...new Set(wabas.map(({ scope }) => scope))];
  const points = asked.flatMap((one, i) => [
    ...(one.digits === null ? [] : numberPoints(one.digits, one.spelled, scopes)).map((point) => ({ place: 3 * i, ...point })),
    ...bsuidPoints(one, wabas).map((point) => ({ place: 3 * i + 1, ...point })),
    ...one.home.flatMap((digits) => numberPoints(digits, `+${digits}`, scopes)).map((point) => ({ place: 3 * i + 2, ...point })),
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
  const places = new Map<number, GateContact[]>();
  for (const row of rows) if (row.places !== null) put(gateContact(storedOf(row)), row.places, places);
  const at = (place: number) => places.get(place) ?? [];
  const age = rows[0]?.age_ms ?? null;
  const ageMs = age === null ? Number.POSITIVE_INFINITY : Math.max(0, age);
  return asked.map((_, i) => ({ ageMs, byTo: at(3 * i), byRecipient: at(3 * i + 1), byHome: at(3 * i + 2) }));
}

/** Wherever it was found, once. */
function put(contact: GateContact, at: readonly number[], places: Map<number, GateContact[]>): void {
  for (const place of at) {
    const others = places.get(place);
    if (others === undefined) places.set(place, [contact]);
    else if (others.at(-1) !== contact) others.push(contact);
  }
}

/** `spelled`: by which what the platform calls the number may be known; null: it is no number. */
type Point = { readonly scope: string; readonly identifier: Identifier; readonly spelled: string | null };
function numberPoints(digits: string, spelled: string | null, scopes: readonly string[]): Point[] {
  const identifier: Identifier = `w:${canonicalWaId(digits)}`;
  return scopes.map((scope) => ({ scope, identifier, spelled }));
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

const periodOf = ([identifier, from, to]: [Identifier, number | null, number | null]) => holdingOf({ identifier, from, to });
function storedOf(row: KnownRow): StoredContact {
  const holdings = joinHoldings(row.holdings.map((one) => periodOf(typeof one === 'string' ? [one, null, null] : one)));
  const { identity_version, consent_version, identity_holdings, consent_holdings } = row;
  const told = identity_version === null ? [] : holdingsFromJson(identity_holdings);
  return {
    failedAt: row.failed_at,
    sent: row.sent,
    who: { contactId: row.contact_id, holdings, signals: row.signals ?? [] },
    contact: row.heard ? { state: row.said ?? { kept: {}, held: row.held, blocks: row.blocks ?? {} } } : null,
    identity: identity_version === null ? null : { state: row.identity, version: identity_version, holdings: told },
    consent:
      consent_version === null
        ? null
        : { state: row.consent, version: consent_version, holdings: consent_holdings === null ? told : holdingsFromJson(consent_holdings) },
  };
}
