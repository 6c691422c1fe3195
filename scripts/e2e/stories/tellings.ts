import type { Item } from '../payload.ts';
import { type Cast, newCast, type Story } from './story.ts';

/** A story as it reaches the line, under names of its own. */
export type Telling = {
  readonly story: Story;
  readonly name: string;
  readonly cast: Cast;
  /** Per group of facts, what is posted together, in order. */
  readonly posts: readonly (readonly (readonly Item[])[])[];
  /** Each post waits until the one before is applied by all and told to all; else they come as fast as they go. */
  readonly apart: boolean;
  /** Each act is also tried when only the first fact is known. */
  readonly tooEarly: boolean;
};

/** Every order of the facts on each side of an act, apart; all of it doubled, what came before an act once more after it; each side in one body,
 *  backwards; and in order with the acts tried too early. */
export function tellingsOf(story: Story): Telling[] {
  const telling = (name: string, arrange: (groups: readonly (readonly Item[])[]) => Telling['posts'], how: Partial<Telling>): Telling => {
    const cast = newCast();
    return { story, name, cast, posts: arrange(story.facts(cast)), apart: true, tooEarly: false, ...how };
  };
  const sizes = story.facts(newCast()).map((group) => group.length);
  const arranged = (order: Order) => (groups: readonly (readonly Item[])[]) =>
    groups.map((group, side) => (order[side] ?? []).flatMap((place) => group[place] ?? []).map((item) => [item]));
  const inOrder = (groups: readonly (readonly Item[])[]) => groups.map((group) => group.map((item) => [item]));
  const doubled = (groups: readonly (readonly Item[])[]) =>
    groups.map((group, side) => [...groups.slice(0, side + 1).flat(), ...group].map((item) => [item]));
  return [
    ...ordersOf(sizes).map((order) => telling(nameOf(order), arranged(order), {})),
    telling('in order, with each act tried too early', inOrder, { tooEarly: true }),
    telling('doubled', doubled, { apart: false }),
    telling('regrouped', (groups) => groups.map((group) => [group.toReversed()]), { apart: false }),
  ];
}

/** Per group, the places of its facts. */
type Order = readonly (readonly number[])[];
function ordersOf([size, ...others]: readonly number[]): Order[] {
  if (size === undefined) return [[]];
  return permutations(Array.from({ length: size }, (_, i) => i)).flatMap((own) => ordersOf(others).map((rest) => [own, ...rest]));
}
const permutations = (places: readonly number[]): number[][] =>
  places.length === 0 ? [[]] : places.flatMap((one) => permutations(places.filter((place) => place !== one)).map((rest) => [one, ...rest]));

function nameOf(order: Order): string {
  const isAll = (comesAfter: (a: number, b: number) => boolean) =>
    order.every((places) => places.every((place, i) => i === 0 || comesAfter(place, places[i - 1] as number)));
  if (isAll((a, b) => a > b)) return 'in order';
  if (isAll((a, b) => a < b)) return 'reversed';
  return `in the order ${order.map((places) => places.map((place) => place + 1).join(' ')).join(' / ')}`;
}
