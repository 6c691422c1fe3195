import type { Report } from './facts.ts';
import { reportKey } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** A report with the numbers, or whatever stands for them, that it moves a person between. */
export type Change = { readonly from: Identifier; readonly to: Identifier; readonly at: number; readonly report: Report };

/** Tells changes from repeats: a report that says what is so already (the new number's holder came from the old one) repeats the change
 *  that made it so. `placed` has every report at the instant of its change. */
export function distinctChanges(reported: readonly Change[]): { changes: Change[]; placed: Change[] } {
  const changes: Change[] = [];
  const placed: Change[] = [];
  const latestOn = new Map<Identifier, number>();
  const latestMove = new Map<string, number>();
  for (const change of [...reported].sort(byInstant)) {
    const { from, to, at } = change;
    const pair = `${from}>${to}`;
    const made = latestMove.get(pair);
    const repeats = made !== undefined && made === latestOn.get(to);
    placed.push(repeats ? { ...change, at: made } : change);
    if (repeats || from === to) continue;
    changes.push(change);
    latestMove.set(pair, at);
    latestOn.set(from, at);
    latestOn.set(to, at);
  }
  return { changes, placed };
}
function byInstant(a: Change, b: Change): number {
  return a.at - b.at || (reportKey(a.report) < reportKey(b.report) ? -1 : 1);
}

/** Whether another change goes from or onto one of its numbers in the same second: then nobody is joined by it. */
export function inDoubt(changes: readonly Change[]): (change: Change) => boolean {
  const counts = new Map<string, number>();
  const keys = ({ from, to, at }: Change) => [`from ${from}@${at}`, `to ${to}@${at}`];
  for (const key of changes.flatMap(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return (change) => keys(change).some((key) => (counts.get(key) ?? 0) > 1);
}
