import type { Holding, Identifier, IdentityFact, Whereabouts, Who } from '@keyturn/domain';
import fc from 'fast-check';

const some = { as: fc.constantFrom<Identifier[]>('w:1', 'u:n:1'), on: fc.constantFrom('P1', 'P2'), at: fc.integer({ min: 1, max: 8 }) };
const hash = fc.record({ ...some, hash: fc.constantFrom('a', 'b', 'c') });
const legacy = fc.record({ ...some, hash: fc.constantFrom('L', 'M') }).map((fact) => ({ ...fact, signal: `legacy:${fact.hash}:1` }));
const nameless = fc.record({ ...some, signal: fc.constantFrom('legacy::1', 'legacy::2') });
const moment = fc.record({ ...some, signal: fc.constantFrom('mismatch:m1', 'mismatch:m2', 'mismatch:m3', 'undecided:e1', 'legacy:@e2') });
const told = fc.record(
  { ...some, signal: fc.constantFrom('mismatch:m1', 'mismatch:m4'), hash: fc.constantFrom('a', 'b'), under: fc.constantFrom('b', 'c') },
  { requiredKeys: ['as', 'on', 'at', 'signal'] },
);

/** What events may say, so few hashes, numbers and instants that they collide all the time. */
export const someFact: fc.Arbitrary<IdentityFact> = fc.oneof(
  { weight: 6, arbitrary: hash },
  { weight: 1, arbitrary: moment },
  { weight: 1, arbitrary: told },
  { weight: 1, arbitrary: legacy },
  { weight: 1, arbitrary: nameless },
);
/** A few facts. */
export const someFacts: fc.Arbitrary<IdentityFact[]> = fc.array(someFact, { maxLength: 8 });
/** As many moments as trim each other. */
export const manyMoments: fc.Arbitrary<IdentityFact[]> = fc.array(
  fc
    .record({
      as: fc.constant<Identifier>('w:1'),
      on: fc.constant('P1'),
      at: fc.integer({ min: 1, max: 14 }),
      n: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ n, ...fact }): IdentityFact => ({ ...fact, signal: `mismatch:m${n}` })),
  { maxLength: 40 },
);
/** The same things said in another order, each at least twice. */
export const shuffledWithRepeats = <Fact>(facts: fc.Arbitrary<Fact[]>): fc.Arbitrary<readonly [Fact[], Fact[]]> =>
  facts.chain((said) => fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 })));

/** The contacts of a generated directory, the smallest first. */
export const someContacts = ['A', 'B', 'C'] as const;
const holder = fc.constantFrom(...someContacts);
const someSignals = fc.uniqueArray(
  fc.record({ signal: fc.constantFrom('number_change:w:1>w:2@3', 'number_lost:w:1@5', 'bsuid:u:n:1'), at: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 2, selector: ({ signal }) => signal },
);
/** Who held what when, and what else the directory says, of `someContacts`: a merged contact holds nothing. */
export const someWhereabouts: fc.Arbitrary<Whereabouts> = fc
  .record({
    turns: fc.array(fc.tuple(fc.integer({ min: 2, max: 8 }), holder, holder), { maxLength: 3 }),
    first: fc.tuple(holder, holder),
    merged: fc.constantFrom<Record<string, string>>({}, {}, { C: 'B' }, { B: 'A' }, { B: 'A', C: 'A' }),
    signals: fc.record({ A: someSignals, B: someSignals, C: someSignals }),
  })
  .map(({ turns, first, merged, signals }) => {
    const edges = [...new Map(turns.map((turn) => [turn[0], turn])).values()].sort(([a], [b]) => a - b);
    const starts = [{ at: Number.NEGATIVE_INFINITY, holders: first }, ...edges.map(([at, ...holders]) => ({ at, holders }))];
    const periods = (i: 0 | 1) =>
      starts.map(({ at, holders }, n) => ({
        from: at,
        to: starts[n + 1]?.at ?? Number.POSITIVE_INFINITY,
        contactId: merged[holders[i]] ?? holders[i],
      }));
    return whereabouts(
      new Map<Identifier, ReturnType<typeof periods>>([
        ['w:1', periods(0)],
        ['u:n:1', periods(1)],
      ]),
      merged,
      signals,
    );
  });

/** What the directory says of `someContacts`, given who held what when. */
export function whereabouts(
  periods: Whereabouts['periods'],
  merged: Readonly<Record<string, string>> = {},
  signals: Readonly<Record<string, Who['signals']>> = {},
): Whereabouts {
  const holdings = (contactId: string): Holding[] =>
    [...periods].flatMap(([identifier, held]) =>
      held.filter((one) => one.contactId === contactId).map(({ from, to }) => ({ identifier, from, to })),
    );
  const who = (contactId: string): Who => ({
    contactId,
    scope: 'default',
    mergedInto: merged[contactId] ?? null,
    holdings: holdings(contactId),
    signals: merged[contactId] === undefined ? (signals[contactId] ?? []) : [],
  });
  return { who: new Map(someContacts.map((contactId) => [contactId, who(contactId)])), periods };
}
