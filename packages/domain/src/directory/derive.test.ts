import { expect, it } from '@jest/globals';
import {
  elsewhere,
  everywhere,
  factsAndAgain,
  propertyRuns,
  someFacts,
  someIdentifiers,
  someInstants,
  someNumbers,
  someSplit,
} from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { componentOf } from './component-of.ts';
import { derive, personAt, type View } from './derive.ts';
import { type DirectoryFact, joinDirectory, noDirectory, observeFact, observeFacts } from './facts.ts';
import { signalsOf } from './signals.ts';

const viewOf = (facts: readonly DirectoryFact[]) => derive(observeFacts(noDirectory, facts));
const persons = (view: View) => everywhere.map(({ identifier, at }) => personAt(view, identifier, at));
const sorted = (view: View) =>
  signalsOf(view)
    .map((one) => JSON.stringify(one))
    .sort();
const holds = <Input>(arbitrary: fc.Arbitrary<Input>, check: (input: Input) => void) =>
  fc.assert(fc.property(arbitrary, check), propertyRuns());

it('any order and any repeats give the same persons and signals', () =>
  holds(factsAndAgain, ([facts, again]) => {
    const [one, two] = [viewOf(facts), derive(again.reduce(observeFact, noDirectory))];
    expect(persons(two)).toEqual(persons(one));
    expect(sorted(two)).toEqual(sorted(one));
  }));

it('what two have seen joined is what one has seen of all', () =>
  holds(fc.tuple(someFacts, someFacts), ([some, others]) => {
    const [a, b] = [observeFacts(noDirectory, some), observeFacts(noDirectory, others)];
    expect(joinDirectory(a, b)).toEqual(observeFacts(noDirectory, [...some, ...others]));
    expect(joinDirectory(b, a)).toEqual(joinDirectory(a, b));
  }));

it('a person has at most one number at a time; links alone never make two numbers one', () =>
  holds(someFacts, (facts) => {
    const view = viewOf(facts);
    for (const at of someInstants) expect(new Set(someNumbers.map((number) => personAt(view, number, at))).size).toBe(someNumbers.length);
  }));

it('a split is never undone: what it names is somebody else from its instant on, whatever else is said', () =>
  holds(fc.tuple(someSplit, someFacts), ([split, facts]) => {
    const view = viewOf([split, ...facts]);
    for (const identifier of split.carried) {
      const person = personAt(view, identifier, split.at);
      expect(Number(person.split('@')[1])).toBeGreaterThanOrEqual(split.at); // all of that person begins at or after the split
      if (identifier.startsWith('p')) continue; // before it, a parent follows the BSUID it came with, which may be all the newcomer's
      for (const at of someInstants.filter((when) => when < split.at)) expect(personAt(view, identifier, at)).not.toBe(person);
    }
  }));

it('who writes from a number after its holder left is not the leaver, unless a report brings the leaver back', () =>
  holds(someFacts, (facts) => {
    const view = viewOf(facts);
    for (const left of facts) {
      if (left.type !== 'report' || !left.previous[0].startsWith('w') || !left.current[0].startsWith('w')) continue;
      const [number] = left.previous;
      if (left.current[0] === number || facts.some((one) => one.type === 'split' || mayBringBack(one, number))) continue;
      const first = Math.min(...facts.flatMap((one) => (one.type === 'report' && one.previous[0] === number ? [one.at] : [])));
      if (facts.some((one) => one.type === 'report' && one.at < first)) continue;
      const leaver = personAt(view, number, 0);
      for (const one of facts)
        if (one.type === 'item' && one.carried[0] === number && one.at >= left.at) expect(personAt(view, number, one.at)).not.toBe(leaver);
    }
  }));
const mayBringBack = (fact: DirectoryFact, number: string) =>
  fact.type === 'report' && (fact.current[0] === number || fact.current[0].startsWith('u'));

it("an item's identifiers denote one person at its time, or both persons have the signal bsuid", () =>
  holds(someFacts, (facts) => {
    const view = viewOf(facts);
    const warned = new Set(signalsOf(view).flatMap(({ person, signal }) => (signal.startsWith('bsuid:') ? [person] : [])));
    for (const one of facts) {
      if (one.type !== 'item') continue;
      const [head, ...others] = one.carried.map((identifier) => personAt(view, identifier, one.at));
      for (const other of others) expect(other === head || (warned.has(other) && warned.has(head ?? ''))).toBe(true);
    }
  }));

it('two BSUIDs of one namespace come with one holder of a number only under a signal', () =>
  holds(someFacts, (facts) => {
    const view = viewOf(facts);
    const warned = new Set(signalsOf(view).flatMap(({ person, signal }) => (/^(bsuid|number_change):/.test(signal) ? [person] : [])));
    const items = facts.flatMap((fact) => (fact.type === 'item' && fact.carried[1]?.startsWith('u:a') ? [fact] : []));
    for (const a of items)
      for (const b of items) {
        const person = personAt(view, a.carried[0], a.at);
        if (!a.carried[0].startsWith('w') || a.carried[0] !== b.carried[0] || person !== personAt(view, b.carried[0], b.at)) continue;
        if (a.carried[1] !== b.carried[1]) expect(warned).toContain(person);
      }
  }));

it('a component decides for itself: strangers to it change nothing in it and are not read', () =>
  holds(fc.tuple(someFacts, someFacts), ([facts, others]) => {
    const all = observeFacts(noDirectory, [...facts, ...others.map(elsewhere)]);
    const near = componentOf(all, someIdentifiers);
    expect([...near.identifiers].filter((identifier) => !someIdentifiers.includes(identifier))).toEqual([]);
    const whole = derive(all);
    expect(persons(derive(near.facts))).toEqual(persons(whole));
    for (const identifier of someIdentifiers) {
      const own = derive(componentOf(all, [identifier]).facts);
      for (const at of someInstants) expect(personAt(own, identifier, at)).toBe(personAt(whole, identifier, at));
    }
  }));
