import { describe, expect, it } from '@jest/globals';
import type { BlockDecision } from '@keyturn/contracts';
import fc from 'fast-check';
import type { Holding, Resolved } from '../slice.ts';
import { type Block, blockNow, liftBlock, placeOf, type Seen, setBlock } from './business-block.ts';
import { contactSlice } from './contact-slice.ts';
import { type ContactState, contactView } from './contact-view.ts';
import { andAgain, call, emptyWorld, message, other, regroupAll, status, storedOf, takeAll, whereabouts } from './slice-world.fixture.ts';

const DAY = 86_400;
const on = (decisionId: string, more: Partial<BlockDecision> = {}): BlockDecision => ({
  decisionId,
  reason: 'fraud',
  actor: 'key:a',
  decidedAt: '2026-03-01T00:00:00.000Z',
  ...more,
});
const place = { as: 'w:1', at: 100 } as const;
const stateAfter = (...items: readonly Resolved[]) =>
  takeAll(contactSlice, emptyWorld(contactSlice.empty, ['c1']), items).get('c1')?.state ?? contactSlice.empty;
/** Somebody who wrote at 100 and was then blocked. */
const blocked = (decision = on('d1')): ContactState => stateOf(setBlock(stateAfter(message()), decision, place));
function stateOf(decision: ReturnType<typeof setBlock<ContactState>>): ContactState {
  if (decision.kind === 'skip') throw new Error(decision.reason);
  return decision.state;
}
const outcome = (decision: ReturnType<typeof setBlock<ContactState>>) =>
  decision.kind === 'skip' ? decision.reason : decision.kind === 'apply' ? decision.told.map(({ type }) => type) : decision.kind;
const reason = ({ blocks }: ContactState) => blockNow(blocks)?.reason;

describe('set and lift', () => {
  it('shows who, when and why, and that the person has not written since', () => {
    expect(contactView(blocked()).businessBlock).toEqual({
      blockedAt: '2026-03-01T00:00:00.000Z',
      reason: 'fraud',
      actor: 'key:a',
      wroteAt: null,
    });
    expect(contactView(stateAfter(message()))).not.toHaveProperty('businessBlock');
  });

  it.each([
    ['the same again changes nothing', on('d2', { decidedAt: '2026-03-02T00:00:00.000Z' }), 'blocked_already', 'fraud'],
    ['another reason counts', on('d2', { reason: 'threats' }), ['contact.business_blocked'], 'threats'],
    ['another note is told', on('d2', { note: 'case 7' }), ['contact.business_blocked'], 'fraud'],
  ])('%s', (_guarantee, decision, expected, counts) => {
    const again = setBlock(blocked(), decision, place);
    expect(outcome(again)).toEqual(expected);
    expect(reason(again.kind === 'skip' ? blocked() : again.state)).toBe(counts);
  });

  it('another reason takes the place of the one before, so that one lift is enough and nothing grows', () => {
    const again = stateOf(setBlock(blocked(), on('d2', { reason: 'threats' }), place));
    expect(Object.keys(again.blocks)).toEqual(['d2']);
    const lifted = liftBlock(again, on('d3', { reason: 'settled' }));
    expect(outcome(lifted)).toEqual(['contact.business_unblocked']);
    expect(stateOf(lifted).blocks).toEqual({});
    expect(outcome(liftBlock(stateOf(lifted), on('d4')))).toBe('not_blocked');
  });

  it('one lift lifts all blocks of those who became one', () => {
    const { blocks } = blocked();
    const both = { ...blocked(), blocks: { ...blocks, d2: { ...(blocks.d1 as Block), as: 'w:2' as const } } };
    expect(stateOf(liftBlock(both, on('d3'))).blocks).toEqual({});
  });

  it('of several blocks the newest counts, in any order, and two of one instant in a total one', () => {
    const of = (decisionId: string, decidedAt: string): [string, Block] => [
      decisionId,
      { ...place, saw: null, reason: decisionId, actor: '', decidedAt },
    ];
    const all = [of('a', '2026-03-01T00:00:00.000Z'), of('b', '2026-03-02T00:00:00.000Z'), of('c', '2026-03-02T00:00:00.000Z')];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: 3 }), (some) => expect(blockNow(Object.fromEntries(some))?.reason).toBe('c')),
    );
  });
});

describe('where a block is kept', () => {
  const [ever, never] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const hold = (identifier: Holding['identifier'], from = ever, to = never): Holding => ({ identifier, from, to });
  const seen = (head: Seen['head'], first: number, last = first): Seen => ({ head, first, last });
  it.each<[string, Holding[], Seen[], object | null]>([
    ['with the number as it was first seen', [hold('w:1')], [seen('w:1', 3, 9)], { as: 'w:1', at: 3 }],
    [
      'with the first of several numbers',
      [hold('w:1', ever, 5), hold('w:2', 5)],
      [seen('w:2', 6), seen('w:1', 3, 9)],
      { as: 'w:1', at: 3 },
    ],
    ['within the time in which the number was theirs', [hold('w:1', 5)], [seen('w:1', 3, 9)], { as: 'w:1', at: 5 }],
    ['not where another held it', [hold('w:1', 5), hold('w:2')], [seen('w:1', 3, 4), seen('w:2', 8)], { as: 'w:2', at: 8 }],
    [
      'with a number before an id, which may come to mean somebody else',
      [hold('u:a:1'), hold('w:1')],
      [seen('u:a:1', 2), seen('w:1', 3)],
      { as: 'w:1', at: 3 },
    ],
    [
      'with the id of somebody who has no number',
      [hold('p:a:9'), hold('u:a:1')],
      [seen('p:a:9', 1), seen('u:a:1', 2)],
      { as: 'u:a:1', at: 2 },
    ],
    ['with a number that a report alone gave', [hold('w:2', 5)], [], { as: 'w:2', at: 5 }],
    ['before the end of one that was lost', [hold('w:1', ever, 5)], [], { as: 'w:1', at: 4 }],
    ['with nobody where nothing is held', [], [], null],
  ])('%s', (_guarantee, holdings, sightings, expected) => {
    expect(placeOf(holdings, sightings)).toEqual(expected);
    expect(placeOf(holdings.toReversed(), sightings.toReversed())).toEqual(expected);
  });
});

describe('what the person does', () => {
  const after = (state: ContactState, item: Resolved) => outcome(contactSlice.decide(storedOf(state), item) as never);
  it.each([
    ['a message is told', message({ at: 200 }), ['contact.blocked_person_wrote']],
    ['a call of theirs is told', call({ at: 200 }), ['contact.blocked_person_wrote']],
    ['so is one from another number', message({ at: 200, as: 'w:2' }), ['contact.blocked_person_wrote']],
    ['so is what they write into a group', message({ at: 200, groupId: 'G' }), ['contact.blocked_person_wrote']],
    ['what was written before the newest that was known is not', message({ at: 99 }), ['contact.updated']],
    ['a delivery is nothing they did', status({ at: 200 }), 'not_a_message'],
    ['neither is a call of ours', call({ at: 200, calledBy: 'business' }), 'not_a_call_of_theirs'],
    ['nor the past of a history', other('imported'), 'claim'],
  ])('%s', (_guarantee, item, expected) => expect(after(blocked(), item)).toEqual(expected));

  it('nothing is told of somebody whose block was lifted', () =>
    expect(after(stateOf(liftBlock(blocked(), on('d2'))), message({ at: 200 }))).toBe('touch'));

  it('the view shows the last time', () => {
    const decision = contactSlice.decide(storedOf(blocked()), message({ at: 200, as: 'w:2' }));
    if (decision.kind !== 'apply') throw new Error('not told');
    expect(contactView(decision.state).businessBlock?.wroteAt).toBe('1970-01-01T00:03:20.000Z');
    expect(decision.told[0]?.fields).toEqual({
      wrote: { at: '1970-01-01T00:03:20.000Z', identifier: { kind: 'wa_id', value: '2' }, phoneNumberId: 'P1' },
    });
  });

  it('each day is told once, whatever the order and however often it comes', () => {
    const some = fc
      .record({
        at: fc.integer({ min: 0, max: 3 * DAY }),
        as: fc.constantFrom<'w:1' | 'w:2'>('w:1', 'w:2'),
        messageType: fc.constantFrom('text', 'edit'),
      })
      .map((item) => message(item));
    const told = (items: readonly Resolved[]): number => {
      let [state, count] = [blocked(), 0];
      for (const item of items) {
        const decision = contactSlice.decide(storedOf(state), item);
        if (decision.kind === 'skip') continue;
        if (decision.kind === 'apply') count += decision.told.filter(({ type }) => type === 'contact.blocked_person_wrote').length;
        state = JSON.parse(JSON.stringify(decision.state));
      }
      return count;
    };
    fc.assert(
      fc.property(andAgain(some), ([items, again]) => {
        const days = new Set(items.filter(({ at }) => at > 100).map(({ at }) => Math.floor(at / DAY)));
        expect(told(items)).toBe(days.size);
        expect(told(again)).toBe(days.size);
      }),
    );
  });
});

describe('with the person', () => {
  const ids = ['c1', 'c2'];
  const start = new Map([
    ['c1', storedOf(blocked())],
    ['c2', storedOf(stateAfter(message({ as: 'w:2', at: 300 })))],
  ]);
  const moved = (where: ReturnType<typeof whereabouts>) =>
    Object.fromEntries([...contactSlice.regroup(start, where)].map(([id, decision]) => [id, outcome(decision as never)]));
  const ever = Number.NEGATIVE_INFINITY;

  it('it goes to a new number, and what came from there already is told', () =>
    expect(
      moved(
        whereabouts(
          {
            'w:1': [
              { from: ever, contactId: 'c1' },
              { from: 200, contactId: 'c2' },
            ],
            'w:2': [
              { from: ever, contactId: 'c2' },
              { from: 200, contactId: 'c1' },
            ],
          },
          ids,
        ),
      ),
    ).toEqual({ c1: ['contact.updated', 'contact.blocked_person_wrote'], c2: ['contact.updated'] }));

  it('it goes into the survivor of a merge, who is told of', () =>
    expect(moved(whereabouts({ 'w:1': [{ from: ever, contactId: 'c2' }], 'w:2': [{ from: ever, contactId: 'c2' }] }, ids))).toEqual({
      c1: 'touch',
      c2: ['contact.business_blocked', 'contact.blocked_person_wrote'],
    }));

  it('it stays with the old holder of a number, and the new one starts free', () => {
    const both = takeAll(contactSlice, start, [message({ at: 500 })]);
    const split = whereabouts(
      {
        'w:1': [
          { from: ever, contactId: 'c1' },
          { from: 400, contactId: 'c2' },
        ],
        'w:2': [{ from: ever, contactId: 'c2' }],
      },
      ids,
    );
    const now = regroupAll(contactSlice, both, split);
    expect(['c1', 'c2'].map((id) => reason(now.get(id)?.state ?? contactSlice.empty))).toEqual(['fraud', undefined]);
  });
});
