/** Which of these steps, the earliest first, is picked: the last one that had begun when `chosen` did, so what is picked stays the same time while steps come and
 *  go, also where they become longer. Nothing chosen: `latest`. */
export function pickedOf(keys: readonly string[], chosen: string | null, latest: number): number {
  if (chosen === null) return latest;
  const begun = keys.findLastIndex((key) => key <= chosen);
  return Math.max(0, begun);
}
