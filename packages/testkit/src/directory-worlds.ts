import type { Carried, DirectoryFact, Identifier, Said } from '@keyturn/domain';
import fc from 'fast-check';

/** An item with the person who truly wrote it. */
export type Truth = { readonly person: string; readonly fact: { readonly type: 'item' } & Said };
type Step = {
  person: number;
  moves: boolean;
  to: number;
  shows: 'both' | 'number' | 'bsuid';
  reports: 'numbers' | 'all' | 'bsuids';
  lag: number | null;
  reported: boolean;
  slow: number;
};
const script: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    person: fc.nat(3),
    moves: fc.boolean(),
    to: fc.nat(3),
    shows: fc.constantFrom('both', 'number', 'bsuid'),
    reports: fc.constantFrom('numbers', 'all', 'bsuids'),
    lag: fc.constantFrom(null, 0, 1, 3),
    reported: fc.boolean(),
    slow: fc.nat(40),
  }),
  { minLength: 3, maxLength: 12 },
);
type Account = { number: number; bsuid: Identifier };
type World = { said: Truth[]; reported: DirectoryFact[]; held: Map<string, Account> };
type Kind = { readonly full: boolean; readonly broken: boolean };

/** A world in which the truth is known: persons write, move (reported by one or two business numbers) and come to numbers that were left.
 *  `full`: all identifiers are always shown. `broken`: moves go unreported, or are repeated late. Gives what was truly said, and what is
 *  delivered of it, in any order. */
export const someWorld = (kind: Kind): fc.Arbitrary<readonly [Truth[], DirectoryFact[]]> =>
  script.map((steps) => live(steps, kind)).chain(({ said, reported }) => fc.tuple(fc.constant(said), delivered(said, reported)));

const delivered = (said: readonly Truth[], reported: readonly DirectoryFact[]) =>
  fc.shuffledSubarray<DirectoryFact>([...reported, ...reported, ...said.map(({ fact }) => fact)], {
    minLength: reported.length * 2 + said.length,
  });

function live(steps: readonly Step[], kind: Kind): World {
  const world: World = { said: [], reported: [], held: new Map() };
  for (const [i, step] of steps.entries()) act(world, step, i + 1, kind);
  return world;
}
function act(world: World, step: Step, turn: number, kind: Kind): void {
  const [person, time] = [`person ${step.person}`, 10 * turn];
  const now = world.held.get(person);
  const taken = [...world.held.values()].some(({ number }) => number === step.to);
  if (taken || (now && !step.moves)) {
    if (now) write(world, person, kind.full ? 'both' : step.shows, time);
    return;
  }
  const next: Account = { number: step.to, bsuid: `u:a:${turn}` };
  world.held.set(person, next);
  if (now && (step.reported || !kind.broken)) report(world, step, [now, next], time, kind);
  write(world, person, 'both', time + 5); // so that number and BSUID are known to belong together
}
function write(world: World, person: string, shows: Step['shows'], at: number): void {
  const account = world.held.get(person);
  if (!account) return;
  const number: Identifier = `w:${account.number}`;
  const carried: Carried = shows === 'both' ? [number, account.bsuid] : shows === 'number' ? [number] : [account.bsuid];
  world.said.push({ person, fact: { type: 'item', carried, at } });
}
function report(world: World, step: Step, [was, is]: readonly [Account, Account], time: number, { full, broken }: Kind): void {
  const side = ({ number, bsuid }: Account): Carried =>
    full || step.reports === 'all' ? [`w:${number}`, bsuid] : step.reports === 'numbers' ? [`w:${number}`] : [bsuid];
  const instants = step.lag === null ? [time] : [time, time + (broken ? step.slow : step.lag)];
  for (const at of instants) world.reported.push({ type: 'report', previous: side(was), current: side(is), at });
}
