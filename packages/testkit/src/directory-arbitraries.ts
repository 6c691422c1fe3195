import type { Carried, DirectoryFact, Identifier } from '@keyturn/domain';
import fc from 'fast-check';

/** How often a property runs: `KEYTURN_PROPERTY_RUNS`, else what keeps a file to a few seconds. */
export const propertyRuns = (usual = 300): { numRuns: number } => ({ numRuns: Number(process.env.KEYTURN_PROPERTY_RUNS ?? usual) });

/** The numbers that generated facts name. */
export const someNumbers = ['w:1', 'w:2', 'w:3'] as const;
const someBsuids = ['u:a:1', 'u:a:2', 'u:a:3', 'u:b:1'] as const;
/** Every identifier that generated facts name. */
export const someIdentifiers: readonly Identifier[] = [...someNumbers, ...someBsuids, 'p:a:1'];
/** Every instant at which generated facts can begin or end anything. */
export const someInstants: readonly number[] = [Number.NEGATIVE_INFINITY, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Every point of the generated world. */
export const everywhere = someIdentifiers.flatMap((identifier) => someInstants.map((at) => ({ identifier, at })));

const number = fc.constantFrom(...someNumbers);
const bsuid = fc.constantFrom(...someBsuids);
const parent = fc.constant('p:a:1' as const);
const at = fc.integer({ min: 1, max: 8 });
/** What an item may carry, so few identifiers that they collide. */
export const someCarried: fc.Arbitrary<Carried> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(number, bsuid) },
  { weight: 1, arbitrary: fc.tuple(number) },
  { weight: 2, arbitrary: fc.tuple(bsuid) },
  { weight: 1, arbitrary: fc.tuple(number, bsuid, parent) },
  { weight: 1, arbitrary: fc.tuple(bsuid, parent) },
);
const item = fc.record({ type: fc.constant('item' as const), carried: someCarried, at });
const report = fc.record({ type: fc.constant('report' as const), previous: someCarried, current: someCarried, at });
/** An operator's word that it is somebody else. */
export const someSplit = fc.record({ type: fc.constant('split' as const), carried: someCarried, at });
/** An item, a report or a split. */
export const someFact: fc.Arbitrary<DirectoryFact> = fc.oneof(
  { weight: 6, arbitrary: item },
  { weight: 3, arbitrary: report },
  { weight: 1, arbitrary: someSplit },
);
/** Few facts in any order, of the kind that meet. */
export const someFacts: fc.Arbitrary<DirectoryFact[]> = fc.array(someFact, { maxLength: 9 });
const withParent = fc.oneof(
  { weight: 3, arbitrary: someCarried },
  { weight: 1, arbitrary: fc.tuple(number, parent) },
  { weight: 1, arbitrary: fc.tuple(bsuid, parent) },
);
const soon = fc.integer({ min: 1, max: 5 });
/** Facts within few seconds, as many reports as items: where what one says decides how another is read. */
export const tangledFacts: fc.Arbitrary<DirectoryFact[]> = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ type: fc.constant('item' as const), carried: withParent, at: soon }) },
    { weight: 9, arbitrary: fc.record({ type: fc.constant('report' as const), previous: withParent, current: withParent, at: soon }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('split' as const), carried: withParent, at: soon }) },
  ),
  { maxLength: 8 },
);
/** Facts, and the same facts each twice in another order. */
export const factsAndAgain = someFacts.chain((facts) =>
  fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })),
);
/** Facts among which items are sighted again, as most are. */
export const factsSightedAgain = someFacts.chain((facts) =>
  fc
    .array(fc.record({ which: fc.nat(8), at: fc.integer({ min: 1, max: 9 }) }), { maxLength: 9 })
    .map((again) => [...facts, ...again.flatMap(({ which, at: when }) => sightedAt(facts[which], when))]),
);
const sightedAt = (fact: DirectoryFact | undefined, when: number): DirectoryFact[] =>
  fact?.type === 'item' ? [{ ...fact, at: when }] : [];
/** The facts of one stream as an arbitrary sequence of batches. */
export const batches = <Fact>(facts: readonly Fact[]): fc.Arbitrary<Fact[][]> =>
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: facts.length, maxLength: facts.length }).map((sizes) => {
    const cut: Fact[][] = [];
    let from = 0;
    for (const size of sizes) {
      if (from < facts.length) cut.push(facts.slice(from, from + size));
      from += size;
    }
    return cut;
  });

/** Facts of strangers: the same, of identifiers that nobody else names. */
export const elsewhere = (fact: DirectoryFact): DirectoryFact =>
  JSON.parse(JSON.stringify(fact).replaceAll(/"([wup]):/g, '"$1:x')) as DirectoryFact;
