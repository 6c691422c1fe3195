import { describe, expect, it } from '@jest/globals';
import { factsSightedAgain, propertyRuns, someFacts, someInstants, tangledFacts } from '@keyturn/testkit/directory-arbitraries';
import { moved, says } from '@keyturn/testkit/directory-facts';
import fc from 'fast-check';
import { contactAt } from './contact-at.ts';
import { type DirectoryFact, linkKey, linksOfItem, type Said } from './facts.ts';
import { contactIds, nobody, takeBatches } from './settle.fixture.ts';
import { type Settled, settle } from './settle.ts';
import { isSteady, type LinkRow } from './steady.ts';

const nothing = { moves: [], numberChanged: [], created: [], merged: [], identified: [], split: [] };
/** The rows of an item's links, if all of them are steady. */
function hotRows(rows: ReadonlyMap<string, LinkRow>, item: Said): LinkRow[] | null {
  const found = linksOfItem(item).map((link) => rows.get(linkKey(link)));
  return found.every((row) => row !== undefined && isSteady(row, item.at)) ? (found as LinkRow[]) : null;
}
const keyed = (links: readonly LinkRow[]) => new Map(links.map((row) => [linkKey(row), row]));

it('an item taken hot leaves everything as derivation from scratch would', () => {
  let hot = 0;
  fc.assert(
    fc.property(factsSightedAgain, (facts) => {
      const newContactId = contactIds();
      let stored: Settled = settle(nobody, [], newContactId);
      for (const fact of facts) {
        const rows = keyed(stored.links);
        const steady = fact.type === 'item' ? hotRows(rows, fact) : null;
        const scratch = settle(stored, [fact], newContactId);
        if (steady) {
          hot++;
          expectUnchanged(stored, scratch, fact as Said, steady);
        }
        stored = steady ? { ...stored, directory: scratch.directory, links: touched(stored.links, scratch, steady) } : scratch;
      }
    }),
    propertyRuns(),
  );
  expect(hot).toBeGreaterThan(0); // the property speaks of something
});
it('no sighting that is hot, of whomever and whenever, changes anything', () => {
  fc.assert(
    fc.property(fc.oneof(someFacts, tangledFacts), (facts) => {
      const newContactId = contactIds();
      const stored = settle(nobody, facts, newContactId);
      const rows = keyed(stored.links);
      for (const carried of facts.flatMap((fact) => (fact.type === 'item' ? [fact.carried] : [])))
        for (const at of someInstants) {
          const steady = hotRows(rows, { carried, at });
          if (steady) expectUnchanged(stored, settle(stored, [{ type: 'item', carried, at }], newContactId), { carried, at }, steady);
        }
    }),
    propertyRuns(),
  );
});

/** Only `last` moves: the ranges stay as they were stored. */
const touched = (links: readonly LinkRow[], scratch: Settled, steady: readonly LinkRow[]) =>
  links.map((row) => (steady.includes(row) ? { ...row, last: scratch.directory.links[linkKey(row)]?.last ?? row.last } : row));

function expectUnchanged(stored: Settled, scratch: Settled, item: Said, steady: readonly LinkRow[]) {
  expect(scratch.told).toEqual(nothing);
  expect(scratch.newPins).toEqual([]);
  expect(scratch.periods).toEqual(stored.periods);
  expect(scratch.signals).toEqual(stored.signals);
  const contactId = contactAt(scratch)(item.carried[0], item.at);
  for (const row of steady) expect(row.contactId).toBe(contactId);
  const rows = keyed(stored.links);
  for (const now of scratch.links) {
    const was = rows.get(linkKey(now));
    if (!was) throw new Error('a hot item makes no link');
    if (was.steadyFrom === was.steadyTo) continue; // never read
    expect({ ...now, last: was.last, steadyFrom: was.steadyFrom, steadyTo: was.steadyTo }).toEqual(was);
    expect(now.steadyFrom).toBeLessThanOrEqual(was.steadyFrom);
    expect(now.steadyTo).toBeGreaterThanOrEqual(was.steadyTo);
  }
}

describe('what is hot', () => {
  const [W, V, U, U2, P] = ['w:1', 'w:2', 'u:a:1', 'u:a:2', 'p:a:1'] as const;
  // as the link is read in the end, nothing comes as late; as the last report is read, the number of the second one did
  const contested: DirectoryFact[] = [
    moved(1, [U, P], [V, 'u:a:3']),
    moved(3, ['w:3', U], [V, U2]),
    moved(4, [U, P], ['u:a:3', P]),
    says(2, 'w:4', U),
  ];
  it.each<[string, DirectoryFact[], Said, boolean]>([
    ['a BSUID that a report says was with another number as late', contested, { carried: ['w:4', U], at: 3 }, false],
    ['a known pair, later', [says(10, W, U)], { carried: [W, U], at: 99 }, true],
    ['a known pair, between its first and last', [says(10, W, U), says(20, W, U)], { carried: [W, U], at: 15 }, true],
    ['a known pair, before its first', [says(10, W, U)], { carried: [W, U], at: 9 }, false],
    ['a pair not seen before', [says(10, W, U)], { carried: [W, U2], at: 20 }, false],
    ['a pair of which one link is new', [says(10, W, U)], { carried: [W, U, P], at: 20 }, false],
    ['all three, later', [says(10, W, U, P)], { carried: [W, U, P], at: 20 }, true],
    ['a number that came alone, later', [says(10, W)], { carried: [W], at: 20 }, true],
    ['a number that came alone for the first time', [says(10, W, U)], { carried: [W], at: 20 }, false],
    ['a BSUID that came alone, later', [says(10, U)], { carried: [U], at: 20 }, true],
    ['a pair after a change of its number', [says(10, W, U), moved(40, [W], [V])], { carried: [W, U], at: 50 }, false],
    ['a pair before a change of its number', [says(10, W, U), moved(40, [W], [V])], { carried: [W, U], at: 39 }, true],
    ['the pair on the new number, later', [says(10, W, U), moved(40, [W], [V]), says(41, V, U2)], { carried: [V, U2], at: 99 }, true],
    ['a BSUID that came with another number since', [says(10, W, U), says(20, V, U)], { carried: [W, U], at: 30 }, false],
    ['a BSUID with the number it came with last', [says(10, W, U), says(20, V, U)], { carried: [V, U], at: 30 }, true],
  ])('%s: %#', (_case, facts, item, hot) => {
    const settled = takeBatches(facts.map((fact) => [fact])).at(-1);
    expect(hotRows(keyed(settled?.links ?? []), item) !== null).toBe(hot);
  });
});
