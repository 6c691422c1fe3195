import type { Directory } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** The identifiers that facts tie to these, directly or through others, and those facts: all that can bear on them. */
export function componentOf(
  { links, reports, splits }: Directory,
  identifiers: Iterable<Identifier>,
): { identifiers: Set<Identifier>; facts: Directory } {
  const groups = [
    ...Object.values(links).map(({ identifier, head }) => [identifier, head]),
    ...Object.values(reports).map(({ previous, current }) => [...previous, ...current]),
    ...Object.values(splits).map(({ carried }) => [...carried]),
  ];
  const reached = new Set(identifiers);
  const naming = new Map<Identifier, Identifier[][]>();
  for (const group of groups) for (const identifier of group) naming.set(identifier, [...(naming.get(identifier) ?? []), group]);
  for (const identifier of reached) for (const group of naming.get(identifier) ?? []) for (const other of group) reached.add(other); // a set grows while it is walked
  const near = <Fact>(facts: Readonly<Record<string, Fact>>, first: (fact: Fact) => Identifier) =>
    Object.fromEntries(Object.entries(facts).filter(([, fact]) => reached.has(first(fact))));
  return {
    identifiers: reached,
    facts: {
      links: near(links, ({ head }) => head),
      reports: near(reports, ({ current }) => current[0]),
      splits: near(splits, ({ carried }) => carried[0]),
    },
  };
}
