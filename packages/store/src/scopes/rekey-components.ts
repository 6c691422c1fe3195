import {
  type Component,
  type ContactEntry,
  componentsOf,
  contactAt,
  contactsOf,
  type Identifier,
  identifiersOf,
  settle,
} from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { readComponents } from '../directory/read-components.ts';
import type { FactInScope } from '../directory/scoped-fact.ts';
import { settleFacts } from '../directory/settle-facts.ts';
import { copyOver, type Twin, takeAlong } from './carry-over.ts';
import { knownTo, whose } from './concerned.ts';
import { rekeyed, rekeyedFacts, type ScopeMove } from './scope-move.ts';

/** What became of some of the people whom a WABA knows. */
export type Rekeyed = {
  /** How many went over with their ids: nobody else knows them. */
  readonly moved: number;
  /** How many are known to others too, or may be, and have a contact in the other scope now. */
  readonly copied: number;
  readonly identifiers: number;
  /** Where everybody was pinned who is done with this. */
  readonly done: readonly Identifier[];
};

/** Re-keys everybody who is tied to these pins: their facts are told to the other scope's directory, as if they had always come there. */
export async function rekeyComponents(
  tx: Tx,
  move: ScopeMove,
  pinned: readonly Identifier[],
  numbers: readonly string[],
): Promise<Rekeyed> {
  const components = await componentsAt(tx, move, pinned);
  const contactIds = components.flatMap(({ pins }) => pins.map(({ contactId }) => contactId));
  const isOwn = owned(move, await knownTo(tx, contactIds, numbers));
  const { own = [], others = [] } = Object.groupBy(components, (one) => (isOwn(one) ? 'own' : 'others'));
  const gone = own.flatMap(({ pins }) => pins.map(({ contactId }) => contactId));
  const identifiers = own.flatMap(({ directory }) => [...identifiersOf(directory)]);
  if (gone.length > 0) await takeAlong(tx, move, gone, identifiers);
  const twins = others.flatMap((component) => twinsOf(move, component));
  if (twins.length > 0) await copyOver(tx, move, twins);
  const facts = components.flatMap(({ directory }) => rekeyedFacts(move, directory));
  const arrivals = new Map([...own.flatMap((one) => arrivalsOf(move, one)), ...others.flatMap((one) => arrivalsOf(move, one, twins))]);
  if (facts.length > 0) await settleFacts(tx, facts, move.now, move.newContactId, arrivals);
  const named = new Set(facts.flatMap(namedBy));
  const done = components.flatMap(({ pins }) => pins.map(({ identifier }) => identifier));
  return { moved: own.flatMap(answeringIn).length, copied: twins.length, identifiers: named.size, done: [...done, ...pinned] };
}

/** Whether the WABA knows these people, and nobody else does. */
const owned =
  (move: ScopeMove, { mine, others }: Awaited<ReturnType<typeof knownTo>>) =>
  ({ directory, pins }: Component): boolean => {
    const brought = [...identifiersOf(directory)].map((identifier) => whose(move, identifier));
    const isKnown = brought.includes('mine') || pins.some(({ contactId }) => mine.has(contactId));
    return isKnown && !brought.includes('others') && !pins.some(({ contactId }) => others.has(contactId));
  };

/** Those who answer for themselves, not for somebody they were merged into. */
function answeringIn(component: Component): string[] {
  const answers = contactAt(component);
  return [...new Set(component.pins.flatMap(({ identifier, at }) => answers(identifier, at) ?? []))];
}

async function componentsAt(tx: Tx, move: ScopeMove, pinned: readonly Identifier[]): Promise<Component[]> {
  const about = { scope: move.from, at: 0, cause: { actor: move.actor }, occurredAt: move.now.toISOString() };
  const asked = pinned.map(
    (identifier): FactInScope => ({ ...about, as: identifier, fact: { type: 'item', carried: [identifier], at: 0 } }),
  );
  const read = (await readComponents(tx, asked)).get(move.from);
  return read === undefined ? [] : componentsOf(read, asked).map(({ component }) => component);
}

/** What this scope said of them, in the words of the other; of twins under the ids that they have there. Signals it derives anew. */
function arrivalsOf(move: ScopeMove, component: Component, twins?: readonly Twin[]): [string, ContactEntry][] {
  return contactsOf(settle(component, [], move.newContactId)).flatMap((entry): [string, ContactEntry][] => {
    const contactId = twins === undefined ? entry.contactId : twins.find(({ of }) => of === entry.contactId)?.contactId;
    const identifiers = entry.identifiers.flatMap(({ identifier, ...held }) => {
      const there = rekeyed(move, identifier);
      return there === null ? [] : [{ identifier: there, ...held }];
    });
    return contactId === undefined ? [] : [[contactId, { contactId, mergedInto: entry.mergedInto, identifiers, signals: [] }]];
  });
}

const namedBy = ({ fact }: FactInScope): readonly Identifier[] =>
  fact.type === 'report' ? [...fact.previous, ...fact.current] : fact.carried;

/** Everybody of a component who answers for themselves and whom the other scope can name, each at an instant at which that is they. */
function twinsOf(move: ScopeMove, component: Component): Twin[] {
  const answers = contactAt(component);
  const sightings = Object.values(component.directory.links).map(({ head, first }) => ({ identifier: head, at: first }));
  const points = [...component.pins, ...sightings].flatMap(({ identifier, at }) => {
    const there = rekeyed(move, identifier);
    const of = answers(identifier, at);
    return there === null || of === undefined ? [] : [{ of, identifier: there, at }];
  });
  return [...new Map(points.toReversed().map((point) => [point.of, point])).values()].map((point) => ({
    ...point,
    contactId: move.newContactId(),
  }));
}
