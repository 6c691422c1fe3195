import { type ContactGroup, consumerFacets, type Facet, type InboundEvent, inbound, silenceOf } from '@keyturn/contracts';
import {
  type Acknowledge,
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
  type IdentityState,
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
import { normalized } from '@keyturn/normalize/testing';

type Rows = Map<string, Stored<unknown>>;
type AnySlice = Slice<unknown, unknown, Told>;
const slices = { contact: contactSlice, identity: identitySlice, consent: consentSlice } as unknown as Readonly<
  Record<ContactGroup, AnySlice>
>;
const GROUPS = Object.keys(slices) as ContactGroup[];
/** An identifier at an instant, at which somebody said something. */
export type Point = { readonly identifier: Identifier; readonly at: number };
/** What everybody may know of somebody. */
export type Person = {
  readonly contactId: string;
  readonly contact: ReturnType<typeof contactSlice.view>;
  readonly identity: ReturnType<typeof identitySlice.view>;
  readonly consent: ReturnType<typeof consentSlice.view>;
};

/** The rows of all slices, a JSON round trip between any two states, as in a database. */
function startRows(holdingsOf: (contactId: string) => Stored<unknown>['holdings']) {
  const rows = Object.fromEntries(GROUPS.map((group) => [group, new Map()])) as Record<ContactGroup, Rows>;
  const told: string[] = [];
  const rowOf = (group: ContactGroup, contactId: string): Stored<unknown> =>
    rows[group].get(contactId) ?? { state: slices[group].empty, version: 0, holdings: holdingsOf(contactId), mergedInto: null };
  return {
    rowOf,
    told,
    follow(group: ContactGroup, contactId: string, decision: Decision<unknown, Told>, where: Whereabouts): void {
      if (decision.kind === 'skip') return;
      const types = decision.kind === 'apply' ? decision.told.map(({ type }) => type) : [];
      told.push(...types);
      const row = rowOf(group, contactId);
      const who = where.who.get(contactId);
      const known = who ? { holdings: who.holdings, mergedInto: who.mergedInto } : {};
      const state: unknown = JSON.parse(JSON.stringify(decision.state));
      rows[group].set(contactId, { ...row, ...known, version: row.version + types.length, state });
    },
    regroup(where: Whereabouts): void {
      for (const group of GROUPS) {
        const all = new Map([...where.who.keys()].map((contactId) => [contactId, rowOf(group, contactId)]));
        for (const [contactId, decision] of slices[group].regroup(all, where)) this.follow(group, contactId, decision, where);
      }
    },
  };
}

/** The line without its infrastructure: the ingress's normalizer, the directory and each consumer's decisions, with everything in memory. Bodies are
 *  taken one after the other, each event as a consumer would: unseen where its facets are not looked for, silent where it counts for nothing. */
export function startLine(options: { receivedAt?: Date } = {}) {
  let made = 0;
  const said: Point[] = [];
  const newContactId = () => `01900000-0000-7000-8000-${String(++made).padStart(12, '0')}`;
  let settled = settle({ directory: noDirectory, pins: [] }, [], newContactId);
  const rows = startRows((contactId) => whereaboutsOf(settled).who.get(contactId)?.holdings ?? []);

  function takeEvent(event: InboundEvent, groups: readonly ContactGroup[]): void {
    const at = Math.floor(Date.parse(event.occurredAt) / 1_000);
    const fact = factOf(event, at);
    if (fact === null) return;
    said.push({ identifier: fact.as, at });
    settled = settle(settled, [fact.fact], newContactId);
    const where = whereaboutsOf(settled);
    rows.regroup(where);
    const contactId = holderOf(settled, fact.as, at);
    if (contactId === undefined) throw new Error('an event about somebody is held by nobody');
    const input = { ...event, contactId, as: fact.as, at } as Resolved;
    for (const group of groups) rows.follow(group, contactId, slices[group].decide(rows.rowOf(group, contactId), input), where);
  }

  const line = {
    /** Takes bodies in, in this order. */
    take(...bodies: readonly (Buffer | object)[]) {
      for (const { event, facets, topic } of bodies.flatMap((body) => normalized(body, options.receivedAt))) {
        if (topic !== inbound || silenceOf(event as InboundEvent) !== null) continue;
        const deciding = facets.filter((facet) => facet !== 'status'); // that alone is only recorded
        const groups = GROUPS.filter((group) => deciding.some((facet) => (consumerFacets[group] as readonly Facet[]).includes(facet)));
        if (groups.length > 0) takeEvent(event as InboundEvent, groups);
      }
      return line;
    },
    /** Whoever holds the identifier at that instant, now if none is said; undefined: nobody is known by it. */
    person(identifier: Identifier, at = Number.MAX_SAFE_INTEGER): Person | undefined {
      const contactId = holderOf(settled, identifier, at);
      if (contactId === undefined) return undefined;
      const view = (group: ContactGroup) => slices[group].view(rows.rowOf(group, contactId).state, rows.rowOf(group, contactId).version);
      return { contactId, contact: view('contact'), identity: view('identity'), consent: view('consent') } as Person;
    },
    /** Decides on what somebody has seen; answers with why it was refused, or `done`. */
    acknowledge(identifier: Identifier, seen: Pick<Acknowledge, 'keyHash' | 'version'>): string {
      const contactId = holderOf(settled, identifier, Number.MAX_SAFE_INTEGER) ?? '';
      const decisionId = `01900000-0000-7000-8000-${String(rows.told.length).padStart(12, 'd')}`;
      const decision = {
        decisionId,
        verdict: 'same_person',
        reason: 'called back',
        actor: 'key:1',
        decidedAt: '2026-11-23T12:00:00.000Z',
      } as const;
      const made = acknowledge(rows.rowOf('identity', contactId) as Stored<IdentityState>, { ...decision, ...seen }, contactId);
      rows.follow('identity', contactId, made, whereaboutsOf(settled));
      return made.kind === 'skip' ? made.reason : 'done';
    },
    /** Under which identifier and when each item was said that counted. */
    points: (): readonly Point[] => said,
    /** The types of all that downstream heard, in order. */
    told: (): readonly string[] => rows.told,
    /** How many persons are known. */
    persons: (): number => [...whereaboutsOf(settled).who.values()].filter(({ holdings }) => holdings.length > 0).length,
  };
  return line;
}

function factOf(event: InboundEvent, at: number): { readonly fact: DirectoryFact; readonly as: Identifier } | null {
  const namespace = bsuidNamespace(DEFAULT_SCOPE, event.wabaId);
  const item = (carried: ReturnType<typeof carriedBy>) => carried && { fact: { type: 'item' as const, carried, at }, as: carried[0] };
  if (event.type !== 'number.changed') return item(carriedBy(event, namespace));
  const [previous, current] = [carriedBy(event.previous, namespace), carriedBy(event.current, namespace)];
  return previous && current ? { fact: { type: 'report', previous, current, at }, as: current[0] } : item(current ?? previous);
}

const holderOf = ({ periods }: Settled, identifier: Identifier, at: number): string | undefined =>
  periodIn(
    periods.filter((period) => period.identifier === identifier),
    at,
  )?.contactId ?? undefined;

function whereaboutsOf(settled: Settled): Whereabouts {
  const who = contactsOf(settled).map(({ contactId, mergedInto, identifiers, signals }) => ({
    ...{ contactId, mergedInto, signals, scope: DEFAULT_SCOPE },
    holdings: identifiers,
  }));
  return {
    who: new Map(who.map((one) => [one.contactId, one])),
    periods: Map.groupBy(settled.periods, ({ identifier }) => identifier),
  };
}
