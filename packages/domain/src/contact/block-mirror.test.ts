import { expect, it } from '@jest/globals';
import type { Resolved } from '../slice.ts';
import { type Mirrored, mirrorActions } from './block-mirror.ts';
import { contactSlice } from './contact-slice.ts';
import type { ContactState } from './contact-view.ts';
import { call, emptyWorld, message, takeAll } from './slice-world.fixture.ts';

const DAY = 86_400;
const NOW = 10 * DAY;
const at = (seconds: number) => new Date(seconds * 1000).toISOString();
/** Somebody blocked by choice who did this. */
function blocked(items: readonly Resolved[], more: Partial<ContactState> = {}) {
  const { state } = takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1']), items).get('c1') ?? { state: contactSlice.empty };
  const block = { as: 'w:1', at: 1, saw: null, reason: 'fraud', actor: 'key:a', decidedAt: at(1) } as const;
  return { contactId: 'c1', state: { ...state, blocks: { d1: block }, ...more } };
}
const place = { phoneNumberId: 'P1', identifier: 'w:1' } as const;
const mirrored = (more: Partial<Mirrored> = {}): Mirrored => ({
  ...place,
  contactId: 'c1',
  mirroredAt: at(NOW - 60),
  refusedCode: null,
  wanted: true,
  ...more,
});
const wrote = (ago: number, more: Parameters<typeof message>[0] = {}) => message({ at: NOW - ago, ...more });
const does = (...some: string[]) => some;

it.each([
  ['who wrote today is blocked there', [blocked([wrote(60)])], [], does('block P1 w:1')],
  ['so is who called', [blocked([call({ at: NOW - 60 })])], [], does('block P1 w:1')],
  [
    'on each number that they wrote to',
    [blocked([wrote(60), wrote(90, { phoneNumberId: 'P2' })])],
    [],
    does('block P1 w:1', 'block P2 w:1'),
  ],
  ['who wrote a day ago or more is not: the platform refuses it', [blocked([wrote(DAY)])], [], []],
  ['who is there already is not asked for again', [blocked([wrote(90)])], [mirrored()], []],
  ['who writes although they are there is', [blocked([wrote(30)])], [mirrored()], does('block P1 w:1')],
  ['nobody knows whether they are there: again', [blocked([wrote(90)])], [mirrored({ mirroredAt: null })], does('block P1 w:1')],
  [
    'refused before, and they wrote: again',
    [blocked([wrote(90)])],
    [mirrored({ mirroredAt: null, refusedCode: 131_047 })],
    does('block P1 w:1'),
  ],
  ['a parent is nobody whom the platform knows', [blocked([wrote(60, { as: 'p:a:1' })])], [], []],
  ['a message into a group opens nothing', [blocked([wrote(60, { groupId: 'G' })])], [], []],
  ['what was written from a number left behind is not theirs to answer for', [blocked([wrote(60)], { held: { 'w:2': null } })], [], []],
  ['who is blocked no more is let in', [], [mirrored({ wanted: false })], does('unblock P1 w:1')],
  ['where nobody knows whether they are there, too', [], [mirrored({ wanted: false, mirroredAt: null })], does('unblock P1 w:1')],
  ['letting in that was refused is asked for again', [], [mirrored({ wanted: false, refusedCode: 139_103 })], does('unblock P1 w:1')],
  [
    'what was refused there is only forgotten',
    [],
    [mirrored({ wanted: false, mirroredAt: null, refusedCode: 139_101 })],
    does('forget P1 w:1'),
  ],
])('%s', (_guarantee, contacts, rows, expected) => {
  const actions = mirrorActions(contacts, rows, NOW);
  expect(actions.map(({ action, phoneNumberId, identifier }) => `${action} ${phoneNumberId} ${identifier}`)).toEqual(expected);
});

it('nobody who is not blocked by choice is asked for', () => {
  const { state, contactId } = blocked([wrote(60)], { blocks: {} });
  expect(mirrorActions([{ contactId, state }], [], NOW)).toEqual([]);
});
