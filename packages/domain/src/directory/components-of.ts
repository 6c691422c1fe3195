import type { Component } from './contact-at.ts';
import { type DirectoryFact, mentions } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** Facts with the component that they are to be taken into. */
export type Taking<Entry> = { readonly component: Component; readonly entries: readonly Entry[] };

/** Divides facts, old and new, into components: what a new fact ties together is one. Components without a new fact are left out. */
export function componentsOf<Entry extends { readonly fact: DirectoryFact }>(
  { directory: { links, reports, splits }, pins }: Component,
  entries: readonly Entry[],
): Taking<Entry>[] {
  const { tie, rootOf } = ties();
  for (const { identifier, head } of Object.values(links)) tie([identifier, head]);
  for (const { previous, current } of Object.values(reports)) tie([...previous, ...current]);
  for (const { carried } of Object.values(splits)) tie(carried);
  for (const { fact } of entries) tie(mentions(fact));
  const within = <Fact>(facts: Readonly<Record<string, Fact>>, first: (fact: Fact) => Identifier) =>
    Map.groupBy(Object.entries(facts), ([, fact]) => rootOf(first(fact)));
  const linksIn = within(links, ({ head }) => head);
  const reportsIn = within(reports, ({ current }) => current[0]);
  const splitsIn = within(splits, ({ carried }) => carried[0]);
  const pinsIn = Map.groupBy(pins, ({ identifier }) => rootOf(identifier));
  const entriesIn = Map.groupBy(
    entries.filter(({ fact }) => mentions(fact).length > 0),
    ({ fact }) => rootOf(mentions(fact)[0] as Identifier),
  );
  return [...entriesIn].map(([root, own]) => ({
    component: {
      directory: {
        links: Object.fromEntries(linksIn.get(root) ?? []),
        reports: Object.fromEntries(reportsIn.get(root) ?? []),
        splits: Object.fromEntries(splitsIn.get(root) ?? []),
      },
      pins: pinsIn.get(root) ?? [],
    },
    entries: own,
  }));
}

/** Which identifiers are tied together: all of them have one root. */
function ties() {
  const parents = new Map<Identifier, Identifier>();
  const rootOf = (identifier: Identifier): Identifier => {
    let root = identifier;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    if (root !== identifier) parents.set(identifier, root); // the next look-up takes one step
    return root;
  };
  const tie = (identifiers: readonly Identifier[]) => {
    const [first, ...others] = identifiers;
    if (first === undefined) return;
    for (const other of others) {
      const [a, b] = [rootOf(first), rootOf(other)];
      if (a !== b) parents.set(b, a);
    }
  };
  return { tie, rootOf };
}
