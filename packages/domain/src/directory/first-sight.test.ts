import { expect, it } from '@jest/globals';
import { propertyRuns, someCarried, someFacts } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { firstSight } from './first-sight.ts';
import { contactIds, nobody, takeOneByOne } from './settle.fixture.ts';
import { settle, settleAll } from './settle.ts';

const sightings = fc
  .tuple(someCarried, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }))
  .map(([carried, instants]) => instants.map((at) => ({ type: 'item' as const, carried, at })));

it('somebody who is seen for the first time comes to what they come to the long way', () =>
  fc.assert(
    fc.property(sightings, (facts) => {
      const quick = firstSight(nobody, facts, contactIds());
      expect(quick).not.toBeNull();
      expect(quick).toEqual(settleAll(nobody, facts, contactIds()));
    }),
    propertyRuns(),
  ));

it('whatever is known and said, all come to what they come to the long way', () =>
  fc.assert(
    fc.property(someFacts, someFacts, (before, facts) => {
      const component = takeOneByOne(before);
      expect(settle(component, facts, contactIds())).toEqual(settleAll(component, facts, contactIds()));
    }),
    propertyRuns(),
  ));
