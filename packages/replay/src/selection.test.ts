import { describe, expect, it } from '@jest/globals';
import { bodyOf, normalized, status, text } from '@keyturn/normalize/testing';
import { chosenOf, isWithin, type Selection } from './selection.ts';

const all: Selection = { from: null, to: '2026-11-23T12:00:00.000Z', waIds: [], bsuids: [], unrecognized: false };
const at = (instant: string) => new Date(instant);

it.each([
  ['before the end', all, '2026-11-23T11:59:59.999Z', true],
  ['at the end', all, '2026-11-23T12:00:00.000Z', false],
  ['at the beginning', { ...all, from: '2026-11-23T11:00:00.000Z' }, '2026-11-23T11:00:00.000Z', true],
  ['before the beginning', { ...all, from: '2026-11-23T11:00:00.000Z' }, '2026-11-23T10:59:59.999Z', false],
])('a webhook that came in %s', (_when, selection, receivedAt, isMeant) => expect(isWithin(selection, at(receivedAt))).toBe(isMeant));

const both = { contacts: [{ user_id: 'BR.1', wa_id: '5511955500101' }] };
const mixed = normalized(
  bodyOf({
    messages: [text({ id: 'wamid.1', from: '551155500101' }), text({ id: 'wamid.2' }), text({ id: 'wamid.3', type: 'hologram' })],
    statuses: [status({ recipient_user_id: 'BR.2', recipient_id: undefined })],
    ...both,
  }),
);
const typesOf = (selection: Partial<Selection>, unrecognized: ReadonlyMap<string, readonly string[]> | null = null) =>
  chosenOf({ ...all, ...selection }, unrecognized, 'w', mixed).map(({ event }) => event.source.path.split('/').slice(-2).join('/'));

describe('of a webhook about several people', () => {
  it.each<[string, Partial<Selection>, string[]]>([
    ['everything, where nobody is named', {}, ['messages/0', 'messages/1', 'messages/2', 'messages/2', 'statuses/0']],
    ['only what names the number, in another spelling', { waIds: ['5511955500101'] }, ['messages/0']],
    ['only what names the BSUID', { bsuids: ['BR.2'] }, ['statuses/0']],
    ['what names one of several', { waIds: ['5511955500101'], bsuids: ['BR.2'] }, ['messages/0', 'statuses/0']],
    ['nothing, where nobody of that name is in it', { bsuids: ['BR.3'] }, []],
  ])('%s', (_what, selection, paths) => expect(typesOf(selection)).toEqual(paths));

  it.each<[string, string[], string[]]>([
    ['what stood at the place', ['/entry/0/changes/0/value/messages/0'], ['messages/0']],
    ['nothing of what is not wholly known today either', ['/entry/0/changes/0/value/messages/2'], []],
    ['what stands below it today', ['/entry/0/changes/0'], ['messages/0', 'messages/1', 'messages/2', 'statuses/0']],
    ['all of a body that was too large', [''], ['messages/0', 'messages/1', 'messages/2', 'statuses/0']],
    ['nothing beside it, be the path alike', ['/entry/0/changes/0/value/messages/'], []],
  ])('of what was unrecognized %s', (_what, paths, chosen) => expect(typesOf({}, new Map([['w', paths]]))).toEqual(chosen));
});

it('a change of number is about both numbers, whoever carried it', () => {
  const system = { type: 'system', system: { type: 'user_changed_number', wa_id: '12025550199', body: 'changed' } };
  const events = normalized(bodyOf({ messages: [text({ from: '12025550101', ...system })] }));
  for (const waId of ['12025550101', '12025550199']) expect(chosenOf({ ...all, waIds: [waId] }, null, 'w', events)).toHaveLength(1);
  expect(chosenOf({ ...all, waIds: ['12025550102'] }, null, 'w', events)).toEqual([]);
});
