import { type InboundEvent, inbound } from '@keyturn/contracts';
import {
  acknowledge,
  bsuidNamespace,
  carriedBy,
  consentSlice,
  contactSlice,
  contactsOf,
  DEFAULT_SCOPE,
  type Decision,
  type DirectoryFact,
  type Identifier,
  identitySlice,
  noDirectory,
  periodIn,
  type Resolved,
  type Settled,
  type Slice,
  type Stored,
  settle,
  type Told,
  type Whereabouts,
} from '@keyturn/domain';
import { normalize } from '@keyturn/normalize';
import { bodyOf, type Item } from './people.ts';

/** An identifier at an instant, at which somebody said something. */
export type Point = { readonly identifier: Identifier; readonly at: number };
type Views = { readonly contact: unknown; readonly identity: unknown; readonly consent: unknown };
/** At one point: which of the persons at these points it is, and all that is known of them. Ids and versions apart, which depend on the order. */
export type Answer = { readonly point: string; readonly who: number } & Views;

/** What the pure domain makes of a person's items, without a line, a table or a topic. */
export type Model = {
  take(items: readonly Item[]): void;
  /** Releases whoever holds this identifier now, having seen all there is. */
  acknowledge(identifier: Identifier): void;
  identityOf(identifier: Identifier): unknown;
  points(): readonly Point[];
  answers(): Answer[];
};

/** The rows of one slice as its decisions change them. */
function rowsOf<State, View, T extends Told>(slice: Slice<State, View, T>) {
  const rows = new Map<string, Stored<State>>();
  const row = (contactId: string): Stored<State> =>
    rows.get(contactId) ?? { state: slice.empty, version: 0, holdings: [], mergedInto: null };
  const put = (contactId: string, decision: Decision<State, T>, known: Partial<Stored<State>> = {}) => {
    if (decision.kind !== 'skip') rows.set(contactId, { ...row(contactId), ...known, state: decision.state });
  };
  return {
    ...{ row, put },
    decide: (event: Resolved) => put(event.contactId, slice.decide(row(event.contactId), event)),
    regroup(where: Whereabouts) {
      const stored = new Map([...where.who.keys()].map((contactId) => [contactId, row(contactId)]));
      for (const [contactId, decision] of slice.regroup(stored, where)) {
        const { holdings = [], mergedInto = null } = where.who.get(contactId) ?? {};
        put(contactId, decision, { holdings, mergedInto });
      }
    },
    viewOf: (contactId: string) => slice.view(row(contactId).state, 0),
  };
}

export function newModel(): Model {
  const [contact, identity, consent] = [rowsOf(contactSlice), rowsOf(identitySlice), rowsOf(consentSlice)];
  const said: Point[] = [];
  let made = 0;
  let now: Settled = settle({ directory: noDirectory, pins: [] }, [], newId);
  function newId() {
    return `c${String(++made).padStart(2, '0')}`;
  }
  const holderOf = ({ identifier, at }: Point): string =>
    periodIn(
      now.periods.filter((period) => period.identifier === identifier),
      at,
    )?.contactId ?? '';
  return {
    take(items) {
      const events = eventsOf(items).map((event) => ({ event, ...factOf(event) }));
      now = settle(
        { directory: now.directory, pins: now.pins },
        events.map(({ fact }) => fact),
        newId,
      );
      const where = whereaboutsOf(now);
      for (const slice of [contact, identity, consent]) slice.regroup(where);
      for (const { event, as, at } of events) {
        said.push({ identifier: as, at });
        const resolved = { ...event, contactId: holderOf({ identifier: as, at }), as, at } as Resolved;
        for (const slice of [contact, identity, consent]) slice.decide(resolved);
      }
      for (const slice of [contact, identity, consent]) slice.regroup(where);
    },
    acknowledge(identifier) {
      const contactId = holderOf({ identifier, at: Number.MAX_SAFE_INTEGER });
      const stored = identity.row(contactId);
      const { keyHash, version } = identitySlice.view(stored.state, stored.version);
      const decided = { decisionId: 'd', verdict: 'same_person', reason: '', actor: '', decidedAt: new Date().toISOString() } as const;
      identity.put(contactId, acknowledge(stored, { ...decided, keyHash, version }, contactId));
    },
    identityOf: (identifier) => identity.viewOf(holderOf({ identifier, at: Number.MAX_SAFE_INTEGER })),
    points: () => said,
    answers: () =>
      answersAt(said, holderOf, (contactId) => ({
        ...{ contact: contact.viewOf(contactId), identity: identity.viewOf(contactId), consent: consent.viewOf(contactId) },
      })),
  };
}

/** The answers at these points, whoever is asked. */
export function answersAt(points: readonly Point[], holderOf: (point: Point) => string, viewsOf: (contactId: string) => Views): Answer[] {
  const unique = [...new Map(points.map((point) => [`${point.identifier} ${point.at}`, point])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const holders = unique.map(([, point]) => holderOf(point));
  return unique.map(([point], i) => ({ point, who: holders.indexOf(holders[i] as string), ...viewsOf(holders[i] as string) }));
}

const eventsOf = (items: readonly Item[]): InboundEvent[] =>
  normalize(Buffer.from(bodyOf(items)), { webhookId: 'model', receivedAt: new Date() })
    .filter(({ topic }) => topic === inbound)
    .map(({ event }) => event as InboundEvent);

function factOf(event: InboundEvent): { fact: DirectoryFact; as: Identifier; at: number } {
  const at = Math.floor(Date.parse(event.occurredAt) / 1000);
  const carried = (ids: InboundEvent | { waId?: string | undefined }) =>
    carriedBy(ids as InboundEvent, bsuidNamespace(DEFAULT_SCOPE, event.wabaId));
  if (event.type !== 'number.changed') {
    const own = carried(event);
    if (own === null) throw new TypeError('an item of the run names nobody');
    return { fact: { type: 'item', carried: own, at }, as: own[0], at };
  }
  const [previous, current] = [carried(event.previous as InboundEvent), carried(event.current as InboundEvent)];
  if (previous === null || current === null) throw new TypeError('a change of the run has one end only');
  return { fact: { type: 'report', previous, current, at }, as: current[0], at };
}

function whereaboutsOf(now: Settled): Whereabouts {
  const who = contactsOf(now).map(({ contactId, mergedInto, identifiers, signals }) => {
    return [contactId, { contactId, scope: DEFAULT_SCOPE, mergedInto, holdings: identifiers, signals }] as const;
  });
  return { who: new Map(who), periods: Map.groupBy(now.periods, ({ identifier }) => identifier) };
}
