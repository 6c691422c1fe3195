import { type Identifier, type LinkRow, linkKey, type Period, reportKey, type Settled, splitKey } from '@keyturn/domain';
import { doubles, texts, uuids } from '../bind.ts';
import { atOnce, type Tx } from '../database.ts';
import type { StoredLink } from './link-rows.ts';

/** A component of a scope after facts were taken into it. `stored`: its links as read. */
export type SettledIn = { readonly scope: string; readonly settled: Settled; readonly stored: ReadonlyMap<string, StoredLink> };

/** Writes what changed of facts, links and periods: a statement a table, for any number of components. Contacts and signals are for the teller. */
export async function writeComponents(tx: Tx, components: readonly SettledIn[]): Promise<void> {
  const links = components.flatMap(({ scope, settled, stored }) =>
    settled.links.filter((link) => !sameLink(link, stored.get(linkKey(link)))).map((link) => ({ scope, ...link })),
  );
  const periods = components.flatMap(changedPeriods);
  await atOnce(
    tx,
    () => writeLinks(tx, links),
    () => writeFacts(tx, components.flatMap(newFacts)),
    () => deletePeriods(tx, periods),
    () => writePeriods(tx, periods),
  );
}

const sameLink = (link: LinkRow, stored: StoredLink | undefined) =>
  stored !== undefined &&
  link.first === stored.first &&
  link.last === stored.last &&
  link.steadyFrom === stored.steadyFrom &&
  link.steadyTo === stored.steadyTo &&
  link.contactId === stored.contactId;

async function writeLinks(tx: Tx, links: readonly (LinkRow & { scope: string })[]): Promise<void> {
  if (links.length === 0) return;
  await tx.query({
    name: 'directory.write_links',
    text: `insert into directory_link as l (scope, identifier, head, first, last, steady_from, steady_to, contact_id, generation)
           select scope, identifier, head, to_timestamp(first), to_timestamp(last), to_timestamp(steady_from), to_timestamp(steady_to), contact_id, 1
           from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::uuid[])
             as n(scope, identifier, head, first, last, steady_from, steady_to, contact_id)
           on conflict (scope, identifier, head) do update set first = excluded.first, last = excluded.last, steady_from = excluded.steady_from,
             steady_to = excluded.steady_to, contact_id = excluded.contact_id, generation = l.generation + 1`,
    values: [
      texts(links.map(({ scope }) => scope)),
      texts(links.map(({ identifier }) => identifier)),
      texts(links.map(({ head }) => head)),
      doubles(links.map(({ first }) => first)),
      doubles(links.map(({ last }) => last)),
      doubles(links.map(({ steadyFrom }) => steadyFrom)),
      doubles(links.map(({ steadyTo }) => steadyTo)),
      uuids(links.map(({ contactId }) => contactId)),
    ],
  });
}

type NewFact = { scope: string; fact: string; report: boolean; previous: readonly string[]; carried: readonly string[]; at: number };
function newFacts({ scope, settled: { directory, before } }: SettledIn): NewFact[] {
  const reports = Object.entries(directory.reports).filter(([key]) => !(key in before.directory.reports));
  const splits = Object.entries(directory.splits).filter(([key]) => !(key in before.directory.splits));
  return [
    ...reports.map(([, one]) => ({ scope, fact: reportKey(one), report: true, previous: one.previous, carried: one.current, at: one.at })),
    ...splits.map(([, one]) => ({ scope, fact: splitKey(one), report: false, previous: [], carried: one.carried, at: one.at })),
  ];
}

/** One statement, for both tables and the identifiers that each fact names. */
async function writeFacts(tx: Tx, facts: readonly NewFact[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.query({
    name: 'directory.write_facts',
    text: `with n as (
             select * from jsonb_to_recordset($1::jsonb) as n(scope text, fact text, report boolean, previous text[], carried text[], at float8)
           ), reports as (
             insert into directory_report (scope, fact, previous, current, at)
             select scope, fact, previous, carried, to_timestamp(at) from n where report on conflict do nothing
           ), splits as (
             insert into directory_split (scope, fact, carried, at)
             select scope, fact, carried, to_timestamp(at) from n where not report on conflict do nothing
           )
           insert into directory_mention (scope, identifier, fact)
           select distinct scope, identifier, fact from n cross join unnest(previous || carried) as named(identifier) on conflict do nothing`,
    values: [JSON.stringify(facts)],
  });
}

type PeriodsOf = { scope: string; identifier: Identifier; rows: readonly Period[]; known: boolean };
/** The identifiers of which any row is new or another. */
function changedPeriods({ scope, settled: { periods, before } }: SettledIn): PeriodsOf[] {
  const was = Map.groupBy(before.periods, ({ identifier }) => identifier);
  return [...Map.groupBy(periods, ({ identifier }) => identifier)].flatMap(([identifier, rows]) => {
    const known = was.get(identifier) ?? [];
    return samePeriods(rows, known) ? [] : [{ scope, identifier, rows, known: known.length > 0 }];
  });
}
const samePeriods = (a: readonly Period[], b: readonly Period[]) => a.length === b.length && a.every((one, i) => samePeriod(one, b[i]));
const samePeriod = (a: Period, b: Period | undefined) =>
  a.from === b?.from && a.to === b.to && a.contactId === b.contactId && a.number === b.number && a.numberFrom === b.numberFrom;

async function deletePeriods(tx: Tx, changed: readonly PeriodsOf[]): Promise<void> {
  const stale = changed.filter(({ known }) => known);
  if (stale.length === 0) return;
  await tx.query({
    name: 'directory.delete_periods',
    text: `delete from identifier_period p using unnest($1::text[], $2::text[]) as stale(scope, identifier)
           where p.scope = stale.scope and p.identifier = stale.identifier`,
    values: [texts(stale.map(({ scope }) => scope)), texts(stale.map(({ identifier }) => identifier))],
  });
}

async function writePeriods(tx: Tx, changed: readonly PeriodsOf[]): Promise<void> {
  const rows = changed.flatMap(({ scope, rows: own }) => own.map((row) => ({ scope, ...row })));
  if (rows.length === 0) return;
  await tx.query({
    name: 'directory.write_periods',
    text: `insert into identifier_period (scope, identifier, "from", "to", contact_id, number, number_from)
           select scope, identifier, to_timestamp(f), to_timestamp(t), contact_id, number, to_timestamp(number_from)
           from unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::uuid[], $6::text[], $7::float8[])
             as n(scope, identifier, f, t, contact_id, number, number_from)`,
    values: [
      texts(rows.map(({ scope }) => scope)),
      texts(rows.map(({ identifier }) => identifier)),
      doubles(rows.map(({ from }) => from)),
      doubles(rows.map(({ to }) => to)),
      uuids(rows.map(({ contactId }) => contactId)),
      texts(rows.map(({ number }) => number)),
      doubles(rows.map(({ numberFrom }) => numberFrom)),
    ],
  });
}
