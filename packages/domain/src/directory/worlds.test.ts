import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import { someWorld } from '@keyturn/testkit/directory-worlds';
import fc from 'fast-check';
import { contactAt } from './contact-at.ts';
import { derive, personAt } from './derive.ts';
import { noDirectory, observeFacts } from './facts.ts';
import { takeOneByOne } from './settle.fixture.ts';
import { signalsOf } from './signals.ts';

/** The same number for the same person, in order of appearance: what is left of names when names do not matter. */
const shape = (names: readonly unknown[]) => names.map((name) => names.indexOf(name));

it('where every move is reported, in whatever form, order and number, contacts are exactly the persons', () =>
  fc.assert(
    fc.property(fc.oneof(someWorld({ full: true, broken: false }), someWorld({ full: false, broken: false })), ([said, delivered]) => {
      const contact = contactAt(takeOneByOne(delivered));
      const contacts = said.map(({ fact }) => contact(fact.carried[0], fact.at));
      expect(shape(contacts)).toEqual(shape(said.map(({ person }) => person)));
    }),
    propertyRuns(),
  ));

it('where moves go unreported or are repeated late, two persons in one contact have a signal', () =>
  fc.assert(
    fc.property(someWorld({ full: false, broken: true }), ([said, delivered]) => {
      const view = derive(observeFacts(noDirectory, delivered));
      const warned = new Set(signalsOf(view).map(({ person }) => person));
      const truly = Map.groupBy(said, ({ fact }) => personAt(view, fact.carried[0], fact.at));
      for (const [name, all] of truly) expect(new Set(all.map(({ person }) => person)).size === 1 || warned.has(name)).toBe(true);
    }),
    propertyRuns(),
  ));
