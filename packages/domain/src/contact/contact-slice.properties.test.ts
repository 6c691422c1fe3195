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
/** The same, some of them blocked by choice. */
const someStart = fc
  .dictionary(
    fc.constantFrom('d1', 'd2', 'd3'),
    fc.record({
      ...{ contactId: fc.constantFrom(...contactIds), as: somewhere.as, at: somewhere.at },
      ...{ saw: fc.option(somewhere.at), decidedAt: fc.constantFrom('2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z') },
    }),
  )
  .map((all) => {
    const own = (contactId: string) => Object.entries(all).filter(([, block]) => block.contactId === contactId);
    const block = (decisionId: string, { as, at, saw, decidedAt }: (typeof all)[string]) => ({
      ...{ as, at, saw, decidedAt, reason: decisionId, actor: 'key:a' },
    });
    return new Map(
      [...start].map(([contactId, stored]) => {
        const blocks = Object.fromEntries(own(contactId).map(([decisionId, one]) => [decisionId, block(decisionId, one)]));
        return [contactId, { ...stored, state: { ...stored.state, blocks } }];
      }),
    );
  });

it('any order and any repeats give the same view', () =>
  fc.assert(
    fc.property(andAgain(someMessage), someStart, ([items, again], begin) =>
      expect(viewsOf(contactSlice, takeAll(contactSlice, begin, again))).toEqual(
        viewsOf(contactSlice, takeAll(contactSlice, begin, items)),
      ),
    ),
    propertyRuns(1000),
  ));

it('what the directory learns late, early or several times over gives the same views', () =>
  fc.assert(
    fc.property(andAgain(someMessage), someStart, somePeriods, somePeriods, fc.nat(16), ([items, again], begin, first, last, cut) => {
      const where = whereabouts(last, contactIds);
      const early = takeAll(contactSlice, regroupAll(contactSlice, begin, where), resolvedBy(last, items));
      const some = takeAll(contactSlice, begin, resolvedBy(first, again.slice(0, cut)));
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
