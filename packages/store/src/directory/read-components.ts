import {
  type Carried,
  type Directory,
  type Identifier,
  linkKey,
  mentions,
  type Pin,
  type Report,
  reportKey,
  type Said,
  splitKey,
} from '@keyturn/domain';
import { texts } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import { LINK_COLUMNS, type LinkColumns, type StoredLink, storedLink } from './link-rows.ts';
import type { FactInScope } from './scoped-fact.ts';

/** Everything that is tied to some facts of one scope, and its links as stored, which are locked. */
export type ScopeRead = {
  readonly directory: Directory;
  readonly links: ReadonlyMap<string, StoredLink>;
  readonly pins: readonly Pin[];
};
type Point = { readonly scope: string; readonly identifier: Identifier };

/** Makes changes of a scope's directory serial until this transaction ends. So two first sights of one person can't miss each other, and nobody who
 *  changes a directory ever waits for another who does, but here. Sightings that change nothing do not come here. Answers whether another had it, who may
 *  have made a change since. */
export async function lockScopes(tx: Tx, scopes: Iterable<string>): Promise<boolean> {
  const { rows } = await tx.query<{ waited: boolean }>({
    name: 'directory.lock_scopes',
    text: `select coalesce(bool_or(waited), false) as waited from (
             select case when pg_try_advisory_xact_lock(key) then false else pg_advisory_xact_lock(key)::text is not null end as waited from (
               select distinct hashtextextended('keyturn.directory:' || current_schema() || ':' || scope, 0) as key
               from unnest($1::text[]) as s(scope) order by key) as keys) as locked`,
    values: [[...new Set(scopes)]],
  });
  return rows[0]?.waited === true;
}

/** Reads by key, at any depth, what is tied to these facts, and locks its links: a sighting that waits for one finds its generation moved. The
 *  scopes are locked, so no link comes or goes meanwhile. */
export async function readComponents(
  tx: Tx,
  facts: readonly FactInScope[],
  asked: readonly Point[] | Promise<readonly Point[]> = reach(tx, facts),
): Promise<Map<string, ScopeRead>> {
  const reached = await asked;
  const values = [texts(reached.map(({ scope }) => scope)), texts(reached.map(({ identifier }) => identifier))];
  const [links, told, pins] = await atOnce(
    tx,
    () => tx.query<LinkColumns>({ name: 'directory.links', text: READ_LINKS, values }),
    () => tx.query<FactColumns>({ name: 'directory.facts', text: READ_FACTS, values }),
    () => tx.query<PinColumns>({ name: 'directory.pins', text: READ_PINS, values }),
  );
  const stored = links.rows.map(storedLink);
  return new Map([...new Set(facts.map(({ scope }) => scope))].map((scope) => [scope, scopeRead(scope, stored, told.rows, pins.rows)]));
}

/** All identifiers that are tied to those of these facts: the first that `readComponents` asks. */
export async function reach(tx: Tx, facts: readonly FactInScope[]): Promise<Point[]> {
  const points = facts.flatMap(({ scope, fact }) => mentions(fact).map((identifier) => ({ scope, identifier })));
  const { rows } = await tx.query<Point>({
    name: 'directory.reach',
    text: REACH,
    values: [texts(points.map(({ scope }) => scope)), texts(points.map(({ identifier }) => identifier))],
  });
  return rows;
}
const REACH = `with recursive reached(scope, identifier) as (
    select * from unnest($1::text[], $2::text[])
  union
    select reached.scope, near.identifier from reached cross join lateral (
        select l.head from directory_link l where l.scope = reached.scope and l.identifier = reached.identifier
      union all
        select l.identifier from directory_link l where l.scope = reached.scope and l.head = reached.identifier
      union all
        select other.identifier from directory_mention m join directory_mention other using (scope, fact)
        where m.scope = reached.scope and m.identifier = reached.identifier
    ) as near(identifier)
  ) select scope, identifier from reached`;
const REACHED = 'unnest($1::text[], $2::text[]) as reached(scope, identifier)';
const READ_LINKS = `select ${LINK_COLUMNS} from directory_link l join ${REACHED} on l.scope = reached.scope and l.head = reached.identifier
  order by l.scope, l.identifier, l.head for update of l`;
const READ_FACTS = `with named as (select distinct scope, fact from directory_mention join ${REACHED} using (scope, identifier))
    select r.scope, 'report' as type, r.previous, r.current, date_part('epoch', r.at) as at
    from directory_report r join named using (scope, fact)
  union all
    select s.scope, 'split', s.carried, s.carried, date_part('epoch', s.at) from directory_split s join named using (scope, fact)`;
const READ_PINS = `select c.scope, c.contact_id, c.pin_identifier, date_part('epoch', c.pin_at) as pin_at
  from contact c join ${REACHED} on c.scope = reached.scope and c.pin_identifier = reached.identifier order by c.contact_id`;

type FactColumns = { scope: string; type: 'report' | 'split'; previous: Carried; current: Carried; at: number };
type PinColumns = { scope: string; contact_id: string; pin_identifier: Identifier; pin_at: number };

function scopeRead(scope: string, links: readonly StoredLink[], told: readonly FactColumns[], pins: readonly PinColumns[]): ScopeRead {
  const own = new Map(links.filter((link) => link.scope === scope).map((link) => [linkKey(link), link]));
  const here = told.filter((fact) => fact.scope === scope);
  const reports = here.filter(({ type }) => type === 'report').map(({ previous, current, at }): Report => ({ previous, current, at }));
  const splits = here.filter(({ type }) => type === 'split').map(({ current, at }): Said => ({ carried: current, at }));
  return {
    directory: {
      links: Object.fromEntries([...own].map(([key, { identifier, head, first, last }]) => [key, { identifier, head, first, last }])),
      reports: Object.fromEntries(reports.map((report) => [reportKey(report), report])),
      splits: Object.fromEntries(splits.map((split) => [splitKey(split), split])),
    },
    links: own,
    pins: pins
      .filter((pin) => pin.scope === scope)
      .map(({ contact_id, pin_identifier, pin_at }) => ({ contactId: contact_id, identifier: pin_identifier, at: pin_at })),
  };
}
