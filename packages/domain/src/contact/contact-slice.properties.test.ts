import { expect, it } from '@jest/globals';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { contactSlice } from './contact-slice.ts';
import {
  andAgain,
  contactIds,
  emptyWorld,
  message,
  regroupAll,
  resolvedBy,
  somePeriods,
  somewhere,
  takeAll,
  viewsOf,
  whereabouts,
} from './slice-world.fixture.ts';

const someMessage = fc
  .record({
    ...somewhere,
    messageType: fc.constantFrom('text', 'edit'),
    profileName: fc.constantFrom('A', 'B', ''),
    username: fc.constantFrom('a', '@b', ''),
  })
  .map((item) => message(item));
const start = emptyWorld(contactSlice.empty, contactIds);

it('any order and any repeats give the same view', () =>
  fc.assert(
    fc.property(andAgain(someMessage), ([items, again]) =>
      expect(viewsOf(contactSlice, takeAll(contactSlice, start, again))).toEqual(
        viewsOf(contactSlice, takeAll(contactSlice, start, items)),
      ),
    ),
    propertyRuns(1000),
  ));

it('what the directory learns late, early or several times over gives the same views', () =>
  fc.assert(
    fc.property(andAgain(someMessage), somePeriods, somePeriods, fc.nat(16), ([items, again], first, last, cut) => {
      const where = whereabouts(last, contactIds);
      const early = takeAll(contactSlice, regroupAll(contactSlice, start, where), resolvedBy(last, items));
      const some = takeAll(contactSlice, start, resolvedBy(first, again.slice(0, cut)));
      const between = takeAll(
        contactSlice,
        regroupAll(contactSlice, some, whereabouts(first, contactIds)),
        resolvedBy(first, again.slice(cut)),
      );
      const late = regroupAll(contactSlice, between, where);
      expect(viewsOf(contactSlice, late)).toEqual(viewsOf(contactSlice, regroupAll(contactSlice, early, where)));
      expect(regroupAll(contactSlice, late, where)).toBe(late);
    }),
    propertyRuns(1000),
  ));
