import { expect, it } from '@jest/globals';
import { batches, everywhere, factsAndAgain, propertyRuns, someFacts } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { type Component, contactAt } from './contact-at.ts';
import { contactsOf } from './contacts-of.ts';
import { derive, personAt } from './derive.ts';
import type { DirectoryFact } from './facts.ts';
import type { Identifier } from './identifier.ts';
import { periodIn } from './periods.ts';
import { contactIds, nobody, takeBatches, takeOneByOne } from './settle.fixture.ts';
import { type Settled, settle } from './settle.ts';

const nothing = { moves: [], numberChanged: [], created: [], merged: [], identified: [], split: [] };
const holds = <Input>(arbitrary: fc.Arbitrary<Input>, check: (input: Input) => void) =>
  fc.assert(fc.property(arbitrary, check), propertyRuns());
const cut = (facts: DirectoryFact[]) => fc.tuple(fc.constant(facts), batches(facts));
const inBatches = someFacts.chain(cut);
const itemsOf = (facts: readonly DirectoryFact[]) => facts.flatMap((fact) => (fact.type === 'item' ? [fact] : []));

/** What a component comes to, contacts named by their persons. A contact that nobody's facts need may be there or not. */
function outcome({ directory, pins, periods, signals }: Settled, facts: readonly DirectoryFact[]) {
  const view = derive(directory);
  const personOf = new Map(pins.map(({ contactId, identifier, at }) => [contactId, personAt(view, identifier, at)]));
  const needed = new Set(itemsOf(facts).map(({ carried, at }) => personAt(view, carried[0], at)));
  const named = (contactId: string | null) => {
    const person = personOf.get(contactId ?? '');
    return person !== undefined && needed.has(person) ? person : null;
  };
  return {
    periods: periods.map((period) => JSON.stringify({ ...period, contactId: named(period.contactId) }, open)).sort(),
    signals: signals.flatMap(({ contactId, signal, at }) => (named(contactId) ? [`${named(contactId)} ${signal} ${at}`] : [])).sort(),
    needed: [...needed].filter((person) => ![...personOf.values()].includes(person)),
  };
}
const open = (_key: string, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);

it('one batch, many, one by one, doubled, in any order: the same persons, signals and periods', () =>
  holds(
    factsAndAgain.chain(([facts, again]) => fc.tuple(fc.constant(facts), batches(again))),
    ([facts, again]) => {
      const [atOnce, inTurn] = [takeBatches([facts]).at(-1), takeBatches(again).at(-1)];
      if (!atOnce || !inTurn) return;
      expect(outcome(atOnce, facts).needed).toEqual([]);
      expect(outcome(inTurn, facts)).toEqual(outcome(atOnce, facts));
    },
  ));

it('slices that follow the moves hold what derivation from scratch says; redelivery tells nothing', () =>
  holds(inBatches, ([facts, some]) => {
    const newContactId = contactIds();
    let component: Component = nobody;
    let kept: { identifier: Identifier; at: number; contactId: string | undefined }[] = []; // facts, under their head
    for (const batch of some) {
      const settled = settle(component, batch, newContactId);
      kept = kept.map((fact) => {
        const move = settled.told.moves.find(
          ({ identifier, from, to, leaves }) =>
            identifier === fact.identifier && from <= fact.at && fact.at < to && leaves === fact.contactId,
        );
        return move ? { ...fact, contactId: move.joins } : fact;
      });
      component = { directory: settled.directory, pins: settled.pins };
      const now = contactAt(component);
      for (const { carried, at } of itemsOf(batch)) kept.push({ identifier: carried[0], at, contactId: now(carried[0], at) });
      for (const fact of kept) expect(fact.contactId).toBe(now(fact.identifier, fact.at));
    }
    for (const again of [...facts.map((fact) => [fact]), facts]) {
      const settled = settle(component, again, newContactId);
      expect({ directory: settled.directory, pins: settled.pins, told: settled.told }).toEqual({ ...component, told: nothing });
    }
  }));

it('a contactId answers for one person, and a person to one contactId', () =>
  holds(someFacts, (facts) => {
    const component = takeOneByOne(facts);
    const [view, contact] = [derive(component.directory), contactAt(component)];
    const pairs = everywhere.flatMap(({ identifier, at }) => {
      const contactId = contact(identifier, at);
      return contactId === undefined ? [] : [{ contactId, person: personAt(view, identifier, at) }];
    });
    const distinct = (names: string[]) => new Set(names).size;
    const persons = distinct(pairs.map(({ person }) => person));
    expect(distinct(pairs.map(({ contactId, person }) => `${contactId} ${person}`))).toBe(persons);
    expect(distinct(pairs.map(({ contactId }) => contactId))).toBe(persons);
  }));

it("an identifier's periods tile all time and answer as derivation does", () =>
  holds(someFacts, (facts) => {
    const [settled] = takeBatches([facts]);
    if (!settled) return;
    const contact = contactAt(settled);
    for (const [identifier, rows] of Map.groupBy(settled.periods, (period) => period.identifier)) {
      const edges = [Number.NEGATIVE_INFINITY, ...rows.map(({ to }) => to)];
      expect(edges).toEqual([...rows.map(({ from }) => from), Number.POSITIVE_INFINITY]);
      for (const { at } of everywhere) expect(periodIn(rows, at)?.contactId ?? undefined).toBe(contact(identifier, at));
    }
  }));

it('every id ever given answers for itself or names its survivor, which answers for itself', () =>
  holds(inBatches, ([, some]) => {
    for (const settled of takeBatches(some)) {
      const entries = new Map(contactsOf(settled).map((entry) => [entry.contactId, entry]));
      expect([...entries.keys()]).toEqual(settled.pins.map(({ contactId }) => contactId));
      for (const { contactId, mergedInto, identifiers, signals } of entries.values()) {
        if (mergedInto === null) expect(identifiers.length).toBeGreaterThan(0);
        else expect({ identifiers, signals, earlier: mergedInto < contactId }).toEqual({ identifiers: [], signals: [], earlier: true });
        if (mergedInto !== null) expect(entries.get(mergedInto)?.mergedInto).toBeNull();
      }
    }
  }));

it('a merge names the survivor', () =>
  holds(inBatches, ([, some]) => {
    for (const settled of takeBatches(some)) {
      const entries = new Map(contactsOf(settled).map((entry) => [entry.contactId, entry.mergedInto]));
      for (const { contactId, into } of settled.told.merged) expect(entries.get(contactId)).toBe(into);
    }
  }));
