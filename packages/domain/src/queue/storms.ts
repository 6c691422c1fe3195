import { HOUR_MS } from '@keyturn/contracts';
import { type Cause, causeIn, facet } from './facets.ts';

/** From so many open changes of one cause on, it is a storm. */
const STORM_MIN = 10;
/** An hour with fewer is no part of what makes one: it is looked at only between those that do. */
export const STORM_HOUR_MIN = 3;
/** So long may nothing come in within one storm. */
const PAUSE_HOURS = 2;

/** The changes of one cause in hours that follow each other, from the facet of the first hour to that of the last. */
export type Storm = Cause & { readonly from: string; readonly to: string; readonly count: number };
type HourCount = { readonly facet: string; readonly count: number };

/** The storms among the counts of causes by the hour, the largest first. What is of one cause and hours apart is two. */
export function stormsIn(counts: readonly HourCount[]): Storm[] {
  const hours = counts.flatMap(({ facet: name, count }) => {
    const cause = causeIn(name);
    return cause === null ? [] : [{ ...cause, count }];
  });
  const causes = Map.groupBy(hours, (hour) => facet.cause({ ...hour, hour: '' }));
  return [...causes.values()]
    .flatMap((all) => all.toSorted((a, b) => (a.hour < b.hour ? -1 : 1)).reduce<Storm[]>(joined, []))
    .filter(({ count }) => count >= STORM_MIN)
    .sort((a, b) => b.count - a.count || (a.from < b.from ? -1 : 1));
}

function joined(storms: Storm[], { count, ...cause }: Cause & { readonly count: number }): Storm[] {
  const name = facet.cause(cause);
  const last = storms.at(-1);
  const follows = last !== undefined && hourOf(name) - hourOf(last.to) <= PAUSE_HOURS * HOUR_MS;
  if (!follows) return [...storms, { ...cause, from: name, to: name, count }];
  return [...storms.slice(0, -1), { ...last, to: name, count: last.count + count }];
}
const hourOf = (name: string): number => Date.parse(`${name.slice(-13)}:00:00Z`);

/** The last facet of the storm that begins with the first of these, which are of one cause and in order. */
export const stormEnd = (names: readonly string[]): string | undefined =>
  names.reduce<string | undefined>(
    (end, name) => (end === undefined || hourOf(name) - hourOf(end) <= PAUSE_HOURS * HOUR_MS ? name : end),
    undefined,
  );
