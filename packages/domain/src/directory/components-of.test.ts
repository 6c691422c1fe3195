import { expect, it } from '@jest/globals';
import { elsewhere, propertyRuns, someFacts } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { componentOf } from './component-of.ts';
import { componentsOf } from './components-of.ts';
import { mentions, noDirectory, observeFacts } from './facts.ts';

it('each component has all that is tied to its new facts, and nothing else', () =>
  fc.assert(
    fc.property(someFacts, someFacts, (known, fresh) => {
      const directory = observeFacts(noDirectory, [...known, ...known.map(elsewhere)]);
      const entries = [...fresh, ...fresh.map(elsewhere)].map((fact) => ({ fact }));
      const takings = componentsOf({ directory, pins: [] }, entries);
      expect(takings.flatMap((taking) => taking.entries).length).toBe(entries.length);
      const all = observeFacts(
        directory,
        entries.map(({ fact }) => fact),
      );
      for (const { component, entries: own } of takings) {
        const whole = componentOf(
          all,
          own.flatMap(({ fact }) => mentions(fact)),
        ).facts;
        expect(
          observeFacts(
            component.directory,
            own.map(({ fact }) => fact),
          ),
        ).toEqual(whole);
      }
    }),
    propertyRuns(),
  ));
