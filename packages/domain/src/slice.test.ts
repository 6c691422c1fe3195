import { isDeepStrictEqual } from 'node:util';
import { expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { message, numberChanged, status } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { consentSlice } from './consent/consent-slice.ts';
import { contactSlice } from './contact/contact-slice.ts';
import type { ContactState } from './contact/contact-view.ts';
import { identitySlice } from './identity/identity-slice.ts';
import type { Resolved, Slice, Stored, Told } from './slice.ts';

const about = { waId: '1', phoneNumberId: 'P1' };
const flags = fc.constantFrom<{ flags?: InboundEvent['flags'] }>(
  {},
  {},
  {},
  { flags: ['time_impossible'] },
  { flags: ['hash_impossible'] },
);
const maybe = <Value>(key: string, ...values: Value[]) => fc.constantFrom({}, ...values.map((value) => ({ [key]: value })));
const at = fc.integer({ min: 1, max: 5 });
/** All that a slice may look at, from few values, so that they collide all the time. */
const someEvent: fc.Arbitrary<InboundEvent> = fc.oneof(
  fc
    .tuple(
      ...[at, flags, maybe('identityKeyHash', 'a', 'b'), maybe('profileName', 'Ada', ''), maybe('username', 'ada', 'bea')],
      ...[
        maybe('optOut', 'keyword'),
        maybe('messageType', 'system', 'reaction', 'edit', 'button'),
        maybe('legacyIdentity', {}, { keyHash: 'c' }),
      ],
    )
    .map(([time, ...parts]) => message(Object.assign({ ...about, at: time as number }, ...parts))),
  fc
    .tuple(at, flags, maybe('identityKeyHash', 'a', 'b'), maybe('status', 'failed', 'read'), maybe('errorCodes', [137000], [131050], [1]))
    .map(([time, ...parts]) => status(Object.assign({ ...about, at: time }, ...parts))),
  fc
    .tuple(at, maybe('previous', { waId: '1' }), maybe('current', { waId: '2' }))
    .map(([time, ...sides]) => numberChanged(Object.assign({ ...about, at: time }, ...sides))),
);
const resolved = (event: InboundEvent) =>
  ({ ...event, contactId: 'A', as: 'w:1', at: Math.floor(Date.parse(event.occurredAt) / 1000) }) as Resolved;

it.each<[string, Slice<unknown, unknown, Told>]>([
  ['contact', contactSlice as Slice<unknown, unknown, Told>],
  ['identity', identitySlice as Slice<unknown, unknown, Told>],
  ['consent', consentSlice as Slice<unknown, unknown, Told>],
])('%s: idle is what is skipped for somebody unknown, and that is skipped for everybody, for the same reason', (_name, slice) => {
  const empty: Stored<unknown> = { state: slice.empty, version: 0, holdings: [], mergedInto: null };
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 6 }), someEvent, (before, event) => {
      const onNothing = slice.decide(empty, resolved(event));
      expect(slice.idle(resolved(event))).toBe(onNothing.kind === 'skip' ? onNothing.reason : null);
      fc.pre(onNothing.kind === 'skip');
      let stored = empty;
      for (const one of before.map(resolved)) {
        const decision = slice.decide(stored, one);
        if (decision.kind !== 'skip') stored = { ...empty, state: decision.state };
      }
      expect(slice.decide(stored, resolved(event))).toEqual(onNothing);
    }),
    propertyRuns(400),
  );
});

it('contact: told is exactly what changes more than the last sight and the end of a window', () => {
  const lasting = ({ state }: Stored<ContactState>) => {
    const { lastSeenAt: _, serviceWindows, ...rest } = contactSlice.view(state, 0);
    return { ...rest, windows: serviceWindows.map(({ phoneNumberId }) => phoneNumberId) };
  };
  fc.assert(
    fc.property(fc.array(someEvent, { maxLength: 8 }), (events) => {
      let stored: Stored<ContactState> = { state: contactSlice.empty, version: 0, holdings: [], mergedInto: null };
      for (const event of events.map(resolved)) {
        const decision = contactSlice.decide(stored, event);
        if (decision.kind === 'skip') continue;
        const next = { ...stored, state: decision.state };
        expect(isDeepStrictEqual(lasting(next), lasting(stored))).toBe(decision.kind === 'touch');
        stored = next;
      }
    }),
    propertyRuns(400),
  );
});
