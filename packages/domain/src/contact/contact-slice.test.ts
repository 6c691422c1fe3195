import { expect, it } from '@jest/globals';
import { type ContactView, ContactView as View } from '@keyturn/contracts';
import type { Resolved } from '../slice.ts';
import { contactSlice } from './contact-slice.ts';
import {
  call,
  emptyWorld,
  message,
  numberMoved,
  other,
  preference,
  regroupAll,
  status,
  storedOf,
  takeAll,
  viewsOf,
  whereabouts,
} from './slice-world.fixture.ts';

const DAY = 86_400;
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const stateAfter = (...items: readonly Resolved[]) =>
  takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1']), items).get('c1')?.state ?? contactSlice.empty;
const viewAfter = (...items: readonly Resolved[]) => contactSlice.view(stateAfter(...items), 1);
const outcome = (before: readonly Resolved[], item: Resolved) => {
  const decision = contactSlice.decide(storedOf(stateAfter(...before)), item);
  return decision.kind === 'skip' ? decision.reason : decision.kind;
};
const nobody: ContactView = { profileName: null, username: null, firstSeenAt: null, lastSeenAt: null, serviceWindows: [] };

it('the view is what the contract says', () => {
  const view = viewAfter(message({ profileName: 'Ada', username: 'ada' }));
  expect(View.parse(view)).toEqual(view);
});

it.each([
  ['a first message is told', [], message(), 'apply'],
  ['a later one only moves times', [message()], message({ at: 200 }), 'touch'],
  ['an earlier one is told: the first sight moves', [message()], message({ at: 50 }), 'apply'],
  ['one between is kept for a boundary to come', [message(), message({ at: 200 })], message({ at: 150 }), 'touch'],
  ['the same again changes nothing', [message()], message(), 'seen_before'],
  ['another number of ours opens another window', [message()], message({ phoneNumberId: 'P2' }), 'apply'],
  ['a name is told', [message()], message({ at: 200, profileName: 'Ada' }), 'apply'],
  ['the same name later is not', [message({ profileName: 'Ada' })], message({ at: 200, profileName: 'Ada' }), 'touch'],
  ['a new username is told', [message({ username: 'ada' })], message({ at: 200, username: 'lovelace' }), 'apply'],
  ['a flagged message decides nothing', [], message({ flags: ['time_impossible'] }), 'flagged'],
  ['a call of theirs opens the window', [], call(), 'apply'],
  ['its end opens none', [call()], call({ event: 'terminate', at: 200 }), 'not_a_call_of_theirs'],
  ['a call of ours is no sign of life', [], call({ calledBy: 'business' }), 'not_a_call_of_theirs'],
  ['a message while another owner has the thread opens the window', [], message({ standby: true }), 'apply'],
  ['what somebody of ours wrote opens none', [], other('echo'), 'not_a_message'],
  ['a message of the past opens none', [], other('imported', { profileName: 'Ada' }), 'claim'],
  ['an entry of an address book is no sight', [], other('synced'), 'claim'],
  ['a join of a group is no sign of life', [], other('participant'), 'not_a_message'],
  ['a handover of the thread is none', [], other('handedOver'), 'not_a_message'],
  ['a status is no sign of life', [], status(), 'not_a_message'],
  ['a preference is no message', [], preference(), 'not_a_message'],
  ['a system notice is the platform speaking', [], message({ messageType: 'system' }), 'not_a_message'],
] as const)('%s', (_guarantee, before, item, expected) => expect(outcome(before, item)).toBe(expected));

it.each<[string, Resolved[], Partial<ContactView>]>([
  [
    'first and last seen',
    [message({ at: 300 }), message({ at: 100 }), message({ at: 200 })],
    { firstSeenAt: at(100), lastSeenAt: at(300) },
  ],
  [
    'the newest name, however late the older arrives',
    [message({ at: 300, profileName: 'B' }), message({ at: 100, profileName: 'A' })],
    { profileName: 'B' },
  ],
  [
    'one name of two in one second, whichever came first',
    [message({ profileName: 'B' }), message({ profileName: 'A' })],
    { profileName: 'B' },
  ],
  ['a message without a name takes none away', [message({ profileName: 'A' }), message({ at: 200 })], { profileName: 'A' }],
  ['a name that comes with a call', [message({ profileName: 'A' }), call({ at: 200, profileName: 'B' })], { profileName: 'B' }],
  ['a username without its @', [message({ username: '@ada' })], { username: 'ada' }],
  ['no username where it is only an @', [message({ username: '@' })], { username: null }],
  ['a name without what a database cannot keep', [message({ profileName: 'A\u0000d\ud800a' })], { profileName: 'Ad\ufffda' }],
  ['a name that is a word of the language', [message({ profileName: '__proto__' })], { profileName: '__proto__' }],
  [
    'a window of 24 h on each of our numbers, from the time of the message and not of its receipt',
    [message({ at: 100 }), message({ at: 500 }), message({ at: 200, phoneNumberId: 'P0' })],
    {
      serviceWindows: [
        { phoneNumberId: 'P0', endsAt: at(200 + DAY) },
        { phoneNumberId: 'P1', endsAt: at(500 + DAY) },
      ],
    },
  ],
  [
    'no shorter window by a late message',
    [message({ at: 500 }), message({ at: 100 })],
    { serviceWindows: [{ phoneNumberId: 'P1', endsAt: at(500 + DAY) }] },
  ],
  ['no window by a message in a group, but a sight', [message({ groupId: 'g' })], { serviceWindows: [], lastSeenAt: at(100) }],
  ['no window by an edit', [message({ messageType: 'edit' })], { serviceWindows: [], lastSeenAt: at(100) }],
  ['no window by a revocation', [message({ messageType: 'revoke' })], { serviceWindows: [], lastSeenAt: at(100) }],
  [
    'a window by a reply',
    [message({ replyTo: { wamid: 'w', author: 'business' } })],
    { serviceWindows: [{ phoneNumberId: 'P1', endsAt: at(100 + DAY) }] },
  ],
])('the view has %s', (_what, items, expected) => expect(viewAfter(...items)).toMatchObject(expected));

it('whoever changes the name with every message grows nothing without bound, and the newest name stands', () => {
  const items = Array.from({ length: 100 }, (_, i) => message({ at: i, profileName: `n${i}` }));
  for (const order of [items, items.toReversed()]) {
    const state = stateAfter(...order);
    expect(contactSlice.view(state, 1).profileName).toBe('n99');
    expect(JSON.stringify(state).length).toBeLessThan(1000);
  }
  expect(outcome(items, message({ at: 50, profileName: 'n50' }))).toBe('seen_before');
});

it('after a number change the windows of the old number are gone, and whoever writes from it is somebody else', () => {
  const items = [message({ at: 100, profileName: 'Ada' }), message({ at: 300, profileName: 'Bob' })];
  const views = viewsOf(
    contactSlice,
    regroupAll(contactSlice, takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1', 'c2']), items), numberMoved),
  );
  expect(views.c1).toEqual({ ...nobody, profileName: 'Ada', firstSeenAt: at(100), lastSeenAt: at(100) });
  expect(views.c2).toMatchObject({
    profileName: 'Bob',
    firstSeenAt: at(300),
    serviceWindows: [{ phoneNumberId: 'P1', endsAt: at(300 + DAY) }],
  });
});

it('a window under a BSUID that stays does not go across a number change either', () => {
  const stays = whereabouts({ 'u:a:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c1' }] }, ['c1'], { c1: 200 });
  const after = (when: number) =>
    viewsOf(
      contactSlice,
      regroupAll(contactSlice, takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1']), [message({ as: 'u:a:1', at: when })]), stays),
    ).c1;
  expect([after(199), after(200)].map((view) => view?.serviceWindows.length)).toEqual([0, 1]);
});

it('a regroup tells only what changed to see, and of a merged contact nothing', () => {
  const merged = whereabouts({ 'w:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c2' }] }, ['c1', 'c2']);
  const world = takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1', 'c2']), [message()]);
  const kinds = (decisions: ReturnType<typeof contactSlice.regroup>) =>
    Object.fromEntries([...decisions].map(([id, { kind }]) => [id, kind]));
  expect(kinds(contactSlice.regroup(world, merged))).toEqual({ c1: 'touch', c2: 'apply' });
  expect(kinds(contactSlice.regroup(regroupAll(contactSlice, world, merged), merged))).toEqual({ c1: 'skip', c2: 'skip' });
  const same = whereabouts({ 'w:1': [{ from: Number.NEGATIVE_INFINITY, contactId: 'c1' }] }, ['c1']);
  expect(kinds(contactSlice.regroup(world, same))).toEqual({ c1: 'skip', c2: 'skip' });
});
