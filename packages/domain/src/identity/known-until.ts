import { type IdentityState, timesOf } from './identity-state.ts';
import { blockedSince, type Standing } from './standing.ts';

/** When the holder whom we knew last showed on each number of ours, at the latest when the block begins: the last sighting under the known hash, else the
 *  newest that the decision on it saw. Of many sightings the oldest in between are not kept, so it may be earlier than it was, never later. */
export function knownUntilOf({ decisions }: IdentityState, now: Standing): ReadonlyMap<string, number> {
  const since = blockedSince(now) ?? Number.POSITIVE_INFINITY;
  const proofs = [...now.baseline].map(([on, known]): [string, number] => {
    const sightings = now.open.filter(({ on: there, hash, signal }) => there === on && hash === known && signal === undefined);
    const decided = Object.values(decisions).flatMap(({ accepted, asOf }) => (accepted[on] === known ? (asOf[on] ?? []) : []));
    return [on, Math.max(...[...sightings.flatMap(timesOf), ...decided].filter((at) => at <= since))];
  });
  return new Map(proofs.filter(([, at]) => Number.isFinite(at)));
}
