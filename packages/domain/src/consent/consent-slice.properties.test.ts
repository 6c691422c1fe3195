import { expect, it } from '@jest/globals';
import { ConsentCategory } from '@keyturn/contracts';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import {
  andAgain,
  contactIds,
  emptyWorld,
  message,
  preference,
  regroupAll,
  resolvedBy,
  somePeriods,
  somewhere,
  status,
  takeAll,
  viewsOf,
  whereabouts,
} from '../contact/slice-world.fixture.ts';
import { instantOf } from '../seconds.ts';
import { consentSlice } from './consent-slice.ts';
import { consentStatuses } from './consent-view.ts';

const timed = <Item extends { at: number }>(item: Item) => ({ ...item, occurredAt: instantOf(item.at) });
const someMessage = fc
  .record({
    ...somewhere,
    messageType: fc.constantFrom('text', 'order', 'reaction'),
    referral: fc.constantFrom({ sourceType: 'ad' }, { sourceType: 'post' }),
  })
  .map((item) => message(timed(item)));
const someStop = fc.oneof(
  fc.record(somewhere).map((item) => message({ ...timed(item), optOut: 'keyword' })),
  fc.record(somewhere).map((item) => status({ ...timed(item), errorCodes: [131050] })),
  fc.record({ ...somewhere, category: fc.constantFrom('marketing_messages', 'service') }).map((item) => preference(timed(item))),
);
const someExplicit = fc
  .record({ ...somewhere, category: fc.constantFrom('marketing_messages', 'service') })
  .map((item) => preference({ ...timed(item), preference: 'resume' }));
const someItem = fc.oneof(
  { weight: 3, arbitrary: someMessage },
  { weight: 2, arbitrary: someStop },
  { weight: 2, arbitrary: someExplicit },
);
const start = emptyWorld(consentSlice.empty, contactIds);

it('any order and any repeats give the same view', () =>
  fc.assert(
    fc.property(andAgain(someItem), ([items, again]) =>
      expect(viewsOf(consentSlice, takeAll(consentSlice, start, again))).toEqual(
        viewsOf(consentSlice, takeAll(consentSlice, start, items)),
      ),
    ),
    propertyRuns(1000),
  ));

it('a send is judged by what the view has', () =>
  fc.assert(
    fc.property(andAgain(someItem), somePeriods, fc.boolean(), ([items], periods, moved) => {
      const told = takeAll(consentSlice, start, items);
      const world = moved ? regroupAll(consentSlice, told, whereabouts(periods, contactIds, { c1: 4 })) : told;
      for (const { state } of world.values()) {
        const view = consentSlice.view(state, 0);
        expect(ConsentCategory.options.map((one) => consentStatuses(state)[one].status)).toEqual(
          ConsentCategory.options.map((one) => view[one].status),
        );
      }
    }),
    propertyRuns(500),
  ));

it('what the directory learns late, early or several times over gives the same views', () =>
  fc.assert(
    fc.property(andAgain(someItem), somePeriods, somePeriods, fc.nat(16), ([items, again], first, last, cut) => {
      const where = whereabouts(last, contactIds, { c1: 4 });
      const early = takeAll(consentSlice, regroupAll(consentSlice, start, where), resolvedBy(last, items));
      const some = takeAll(consentSlice, start, resolvedBy(first, again.slice(0, cut)));
      const between = takeAll(
        consentSlice,
        regroupAll(consentSlice, some, whereabouts(first, contactIds)),
        resolvedBy(first, again.slice(cut)),
      );
      const late = regroupAll(consentSlice, between, where);
      expect(viewsOf(consentSlice, late)).toEqual(viewsOf(consentSlice, regroupAll(consentSlice, early, where)));
      expect(regroupAll(consentSlice, late, where)).toBe(late);
    }),
    propertyRuns(1000),
  ));

it('a merger is the union of what both said', () =>
  fc.assert(
    fc.property(fc.array(someItem, { maxLength: 6 }), fc.array(someItem, { maxLength: 6 }), (ours, theirs) => {
      const asOne = takeAll(consentSlice, start, [...theirs, ...ours]);
      const apart = takeAll(consentSlice, start, [...ours, ...theirs.map((item) => ({ ...item, contactId: 'c2' }))]);
      const ever = [{ from: Number.NEGATIVE_INFINITY, contactId: 'c1' }];
      const merged = regroupAll(consentSlice, apart, whereabouts({ 'w:1': ever, 'w:2': ever, 'u:a:1': ever }, ['c1', 'c2']));
      expect(viewsOf(consentSlice, merged).c1).toEqual(viewsOf(consentSlice, asOne).c1);
    }),
    propertyRuns(1000),
  ));

it('no message undoes a stop, whatever it is and whenever it comes', () =>
  fc.assert(
    fc.property(fc.array(someItem, { maxLength: 6 }), fc.array(someMessage, { maxLength: 6 }), (before, messages) => {
      const world = takeAll(consentSlice, start, before);
      const views = [viewsOf(consentSlice, world).c1, viewsOf(consentSlice, takeAll(consentSlice, world, messages)).c1] as const;
      for (const category of ['marketing', 'utility', 'authentication', 'service'] as const) {
        if (views[0]?.[category].status === 'opted_out') expect(views[1]?.[category]).toEqual(views[0][category]);
      }
    }),
    propertyRuns(1000),
  ));

it('a number change never lifts an opt-out, and carries no opt-in to the new number', () =>
  fc.assert(
    fc.property(fc.array(someItem, { maxLength: 8 }), (items) => {
      const world = takeAll(
        consentSlice,
        start,
        items.map((item) => ({ ...item, as: 'w:1' as const })),
      );
      const changed = whereabouts(
        {
          'w:1': [
            { from: Number.NEGATIVE_INFINITY, contactId: 'c1' },
            { from: 9, contactId: 'c2' },
          ],
          'w:3': [{ from: 9, contactId: 'c1' }],
        },
        contactIds,
        { c1: 9 },
      );
      const [before, after] = [viewsOf(consentSlice, world).c1, viewsOf(consentSlice, regroupAll(consentSlice, world, changed)).c1];
      for (const category of ['marketing', 'utility', 'authentication', 'service'] as const) {
        expect(after?.[category].status).not.toBe('opted_in');
        if (before?.[category].status === 'opted_out') expect(after?.[category]).toEqual(before[category]);
      }
    }),
    propertyRuns(1000),
  ));
