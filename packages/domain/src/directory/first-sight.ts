import type { Component } from './contact-at.ts';
import { type DirectoryFact, observeFacts } from './facts.ts';
import type { Carried } from './identifier.ts';
import { identifiersOf } from './periods.ts';
import type { Settled } from './settle.ts';

/** What `settleAll` comes to for somebody who is seen for the first time, under the same identifiers in each of the facts, as nearly everybody who is new;
 *  in a fraction of its time. Null: it is not so plain. */
export function firstSight(component: Component, facts: readonly DirectoryFact[], newContactId: () => string): Settled | null {
  const [first] = facts;
  if (first?.type !== 'item' || isKnown(component)) return null;
  if (!facts.every((fact) => fact.type === 'item' && isSame(fact.carried, first.carried))) return null;
  const [number] = first.carried;
  const directory = observeFacts(component.directory, facts);
  const contactId = newContactId();
  const pins = [{ contactId, identifier: number, at: first.at }];
  const always = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, contactId, number, numberFrom: Number.NEGATIVE_INFINITY };
  return {
    ...{ directory, pins, newPins: pins, signals: [] },
    periods: [...identifiersOf(directory)].map((identifier) => ({ identifier, ...always })),
    links: Object.values(directory.links).map((link) => ({ ...link, steadyFrom: link.first, steadyTo: always.to, contactId })),
    told: { created: [contactId], merged: [], identified: [], numberChanged: [], split: [], moves: [] },
    before: { ...component, periods: [], signals: [] },
  };
}

function isKnown({ directory: { links, reports, splits }, pins }: Component): boolean {
  for (const _ in links) return true;
  for (const _ in reports) return true;
  for (const _ in splits) return true;
  return pins.length > 0;
}
const isSame = (a: Carried, b: Carried): boolean => a.length === b.length && a.every((identifier, i) => identifier === b[i]);
