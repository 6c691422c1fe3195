import { type ContactEntry, componentsOf, type Identifier, type Period, periodIn, settle } from '@keyturn/domain';
import { atOnce, type Tx } from '../database.ts';
import { lockScopes, readComponents, type ScopeRead } from './read-components.ts';
import type { FactInScope } from './scoped-fact.ts';
import { type SettledWhy, tellContacts } from './tell-contacts.ts';
import { writeComponents } from './write-component.ts';

/** What the directory says after facts were taken in. */
export type Settlement = {
  /** Who holds an identifier at an instant; undefined where the facts' components don't know the identifier. */
  readonly holderOf: (scope: string, identifier: Identifier, at: number) => string | undefined;
  /** The contacts that were told of a change, in order. */
  readonly contactIds: readonly string[];
};

/** Contacts that come from another scope, which has their rows no more: what it said of them, in the words of this one. */
export type Arrivals = ReadonlyMap<string, ContactEntry>;

/** Takes facts into the directory in this transaction: reads what is tied to them, derives, writes what changed and tells it. The same number of
 *  statements for any number of facts; facts that are known already only read. */
export async function settleFacts(
  tx: Tx,
  facts: readonly FactInScope[],
  now: Date,
  newContactId: () => string,
  arrivals: Arrivals = new Map(),
): Promise<Settlement> {
  const [, reads] = await atOnce(
    tx,
    () =>
      lockScopes(
        tx,
        facts.map(({ scope }) => scope),
      ),
    () => readComponents(tx, facts),
  );
  return settleRead(tx, facts, reads, now, newContactId, arrivals);
}

/** The same of facts whose scopes are locked and of which is read what is tied to them. */
export async function settleRead(
  tx: Tx,
  facts: readonly FactInScope[],
  reads: ReadonlyMap<string, ScopeRead>,
  now: Date,
  newContactId: () => string,
  arrivals: Arrivals = new Map(),
): Promise<Settlement> {
  const components = [...Map.groupBy(facts, ({ scope }) => scope)].flatMap(([scope, own]) =>
    settleScope(scope, own, reads.get(scope) as ScopeRead, newContactId).map((one) => welcome(one, arrivals)),
  );
  const [, contactIds] = await atOnce(
    tx,
    () => writeComponents(tx, components),
    () => tellContacts(tx, components, now),
  );
  return { contactIds, holderOf: holders(components) };
}

function settleScope(scope: string, facts: readonly FactInScope[], read: ScopeRead, newContactId: () => string): SettledWhy[] {
  return componentsOf(read, facts).map(({ component, entries }) => {
    const settled = settle(
      component,
      entries.map(({ fact }) => fact),
      newContactId,
    );
    const why = entries.findLast(({ fact }) => fact.type !== 'item') ?? (entries.at(-1) as FactInScope); // a change tells more than a sighting
    return { scope, settled, stored: read.links, cause: why.cause, occurredAt: why.occurredAt, along: why.along ?? {} };
  });
}

/** Everything that an arrival is known for goes to whoever has it here, though nobody had it here before. */
function welcome(component: SettledWhy, arrivals: Arrivals): SettledWhy {
  const came = component.settled.pins.flatMap(({ contactId }) => arrivals.get(contactId) ?? []);
  if (came.length === 0) return component;
  const { settled } = component;
  const moves = came.flatMap(({ contactId, identifiers }) =>
    identifiers.flatMap((held) =>
      settled.periods
        .filter((row) => row.identifier === held.identifier && row.from < held.to && row.to > held.from)
        .flatMap(({ identifier, from, to, contactId: joins }) =>
          joins === null || joins === contactId
            ? []
            : [{ identifier, from: Math.max(from, held.from), to: Math.min(to, held.to), leaves: contactId, joins }],
        ),
    ),
  );
  return { ...component, arrivals, settled: { ...settled, told: { ...settled.told, moves: [...settled.told.moves, ...moves] } } };
}

function holders(components: readonly SettledWhy[]): Settlement['holderOf'] {
  const periods = new Map<string, Period[]>();
  for (const { scope, settled } of components) {
    for (const [identifier, rows] of Map.groupBy(settled.periods, (period) => period.identifier))
      periods.set(`${scope} ${identifier}`, rows);
  }
  return (scope, identifier, at) => periodIn(periods.get(`${scope} ${identifier}`) ?? [], at)?.contactId ?? undefined;
}
