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
import { integers, texts } from '../bind.ts';
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

/** A contact as its row has it, column by column: what a send seldom asks about is null where it says nothing. */
type Row = [
  ageMs: number | null,
  /** Null: nobody is known, and the rest is null as well. */
  places: readonly number[] | null,
  contactId: string,
  /** An identifier alone is held always. */
  holdings: readonly (Identifier | [identifier: Identifier, from: number | null, to: number | null])[],
  signals: StoredContact['who']['signals'] | null,
  heard: boolean,
  held: ContactState['held'],
  blocks: ContactState['blocks'] | null,
  said: ContactState | null,
  identityVersion: number | null,
  identity: IdentityState,
  identityHoldings: HoldingsJson,
  consentVersion: number | null,
  consent: ConsentState,
  /** Null: as identity has them. */
  consentHoldings: HoldingsJson | null,
  failedAt: number | null,
  sent: SentLately | null,
];

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
    select p.contact_id, json_agg(asked.place) as places from asked join identifier_period p on p.scope = asked.scope and p.identifier = asked.identifier
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

/** `counts`: what was sent to them lately as well. `unreadable`: told of whom nobody can say how they stand. */
type Wanted = { readonly counts: boolean; readonly unreadable: (contactId: string, error: unknown) => void };

/** What is known of each send's recipient, in the order asked, by one statement; null: what is stored of one who may be meant makes no sense, which says
 *  nothing of the others. Wherever a number or BSUID is known, in whichever scope, counts. Rejects where the database does not answer. */
export async function readGateStates(
  tx: Tx,
  asked: readonly GateAsked[],
  wabas: readonly WabaScope[],
  { counts, unreadable }: Wanted,
): Promise<(Omit<GateState, 'number'> | null)[]> {
  const points = pointsOf(asked, wabas);
  const { rows } = await tx.query<Row>({
    name: 'gate.states',
    text: TEXT,
    values: [
      ...[integers(points.places), texts(points.scopes), texts(points.identifiers), GROUPS, texts(points.spelled)],
      ...[counts, asked.some(({ windows }) => windows)],
    ],
    rowMode: 'array', // by their names columns took several times as long
  });
  const places = new Map<number, GateContact[]>();
  const unknown = new Set<number>();
  for (const row of rows) {
    const [, found, contactId] = row;
    if (found === null) continue;
    try {
      put(gateContact(storedOf(row)), found, places);
    } catch (error) {
      for (const place of found) unknown.add(Math.floor(place / PLACES));
      unreadable(contactId, error);
    }
  }
  const at = (place: number) => places.get(place) ?? NOBODY;
  const age = rows[0]?.[0] ?? null;
  const ageMs = age === null ? Number.POSITIVE_INFINITY : Math.max(0, age);
  return asked.map((_, i) =>
    unknown.has(i) ? null : { ageMs, byTo: at(PLACES * i), byRecipient: at(PLACES * i + 1), byHome: at(PLACES * i + 2) },
  );
}

/** A send's: by its number, by its BSUID, and by its number at home. */
const PLACES = 3;
const NOBODY: readonly GateContact[] = [];

/** Wherever it was found, once. */
function put(contact: GateContact, at: readonly number[], places: Map<number, GateContact[]>): void {
  for (const place of at) {
    const others = places.get(place);
    if (others === undefined) places.set(place, [contact]);
    else if (others.at(-1) !== contact) others.push(contact);
  }
}

/** Where to look: column by column, as the statement takes them. A send has three `PLACES`. `spelled`: by
 *  which what the platform calls the number may be known; null: it is no number. */
type Points = {
  readonly places: number[];
  readonly scopes: string[];
  readonly identifiers: Identifier[];
  readonly spelled: (string | null)[];
};

function pointsOf(asked: readonly GateAsked[], wabas: readonly WabaScope[]): Points {
  const points: Points = { places: [], scopes: [], identifiers: [], spelled: [] };
  const add = (place: number, scope: string, identifier: Identifier, spelled: string | null) => {
    points.places.push(place);
    points.scopes.push(scope);
    points.identifiers.push(identifier);
    points.spelled.push(spelled);
  };
  const scopes = new Set(wabas.map(({ scope }) => scope));
  const addNumber = (place: number, digits: string, spelled: string | null) => {
    for (const scope of scopes) add(place, scope, `w:${canonicalWaId(digits)}`, spelled);
  };
  for (const [i, { digits, spelled, recipient, home }] of asked.entries()) {
    if (digits !== null) addNumber(PLACES * i, digits, spelled);
    if (recipient !== null) for (const { scope, identifier } of bsuidsOf(recipient, wabas)) add(PLACES * i + 1, scope, identifier, null);
    for (const one of home) addNumber(PLACES * i + 2, one, `+${one}`);
  }
  return points;
}

function bsuidsOf(recipient: string, wabas: readonly WabaScope[]): { scope: string; identifier: Identifier }[] {
  const all = wabas.flatMap(({ scope, wabaId }) => {
    const value = `${bsuidNamespace(scope, wabaId)}:${recipient}`;
    return [{ scope, identifier: `u:${value}` } as const, { scope, identifier: `p:${value}` } as const];
  });
  return [...new Map(all.map((one) => [`${one.scope} ${one.identifier}`, one])).values()];
}

const ALWAYS = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const holdingAsRead = (one: Row[3][number]) =>
  typeof one === 'string' ? { identifier: one, ...ALWAYS } : holdingOf({ identifier: one[0], from: one[1], to: one[2] });
function storedOf(row: Row): StoredContact {
  const [, , contactId, holdings, signals, heard, held, blocks, said, identityVersion, identity, identityHoldings] = row;
  const [consentVersion, consent, consentHoldings, failedAt, sent] = row.slice(12) as [Row[12], Row[13], Row[14], Row[15], Row[16]];
  const told = identityVersion === null ? [] : holdingsFromJson(identityHoldings);
  return {
    failedAt,
    sent,
    who: { contactId, holdings: joinHoldings(holdings.map(holdingAsRead)), signals: signals ?? [] },
    contact: heard ? { state: said ?? { kept: {}, held, blocks: blocks ?? {} } } : null,
    identity: identityVersion === null ? null : { state: identity, version: identityVersion, holdings: told },
    consent:
      consentVersion === null
        ? null
        : { state: consent, version: consentVersion, holdings: consentHoldings === null ? told : holdingsFromJson(consentHoldings) },
  };
}
