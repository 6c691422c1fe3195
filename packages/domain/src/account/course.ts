import type { NumberCourseJson } from '@keyturn/contracts';
import { flagged } from './statements.ts';

/** What was said of the quality or the limit of a number or of its account: when (null: the platform did not say), by which event. */
export type CourseEntry = {
  readonly of: 'number' | 'account';
  readonly eventId: string;
  readonly at: Date | null;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** How a number's quality and limit went: each time it became another, oldest first, in whatever order and however often it was said. What was said at no
 *  time is before all that has one, as it is where the state now is told. */
export function courseOf(entries: readonly CourseEntry[]): NumberCourseJson {
  const ordered = entries.toSorted((a, b) => secondsOf(a) - secondsOf(b) || (a.eventId < b.eventId ? -1 : 1));
  const number = ordered.filter(({ of }) => of === 'number');
  const limits = number.flatMap(limitIn);
  const accountLimits = ordered.filter(({ of }) => of === 'account').flatMap(limitIn);
  const limitOf = limits.length === 0 && accountLimits.length > 0 ? 'account' : 'number';
  return {
    quality: turns(number.flatMap(qualityIn), ({ status }) => status),
    limit: turns(limitOf === 'account' ? accountLimits : limits, ({ limit }) => limit),
    limitOf,
  };
}

const secondsOf = ({ at }: CourseEntry): number => (at === null ? -1 : Math.floor(at.getTime() / 1_000));
const atOf = ({ at }: CourseEntry): string | null => at?.toISOString() ?? null;
function qualityIn(entry: CourseEntry): NumberCourseJson['quality'] {
  const status = flagged[String(entry.detail.event)];
  return status === undefined ? [] : [{ status, at: atOf(entry) }];
}
function limitIn(entry: CourseEntry): NumberCourseJson['limit'] {
  const { limit } = entry.detail;
  return typeof limit === 'string' ? [{ limit, at: atOf(entry) }] : [];
}
const turns = <Said>(said: readonly Said[], whatOf: (one: Said) => string): Said[] =>
  said.filter((one, i) => i === 0 || whatOf(one) !== whatOf(said[i - 1] as Said));
