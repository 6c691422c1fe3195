import { DAY_MS, MINUTE_MS } from '@keyturn/contracts';

/** Webhooks are counted by stretches so long; one begins with each full hour. */
export const COUNTED_MS = 5 * MINUTE_MS;
/** How far back the log is asked, whose bodies are kept as long. */
const LOOKED_BACK_MS = 7 * DAY_MS;

/** What one stretch brought, as far as it was counted. */
export type WebhookCount = { readonly at: Date; readonly webhooks: number; readonly countedTo: Date };

/** The instants between which to count now, the last of them `now`: from the stretch before the last that was counted on, since what was on its way then may
 *  have come late. Where none was counted in the days that the log keeps, from as far back as it goes. */
export function instantsToCount(last: Date | null, now: Date): Date[] {
  const known = last !== null && now.getTime() - last.getTime() < LOOKED_BACK_MS;
  const from = stretchOf(known ? Math.min(last.getTime() - COUNTED_MS, now.getTime()) : now.getTime() - LOOKED_BACK_MS);
  const starts = Array.from({ length: Math.ceil((now.getTime() - from) / COUNTED_MS) }, (_, i) => new Date(from + i * COUNTED_MS));
  return [...starts, now];
}

/** What was counted between these instants. That none came is known from the first webhook of all on: stretches before it are left out, and so is one that was
 *  looked at again and brought nothing. */
export function webhookCounts(last: Date | null, instants: readonly Date[], counts: readonly number[]): WebhookCount[] {
  const goesOn = last !== null && instants[0] !== undefined && instants[0] <= last;
  const first = goesOn ? last : instants[counts.findIndex((count) => count > 0)];
  if (first === undefined) return [];
  return counts.flatMap((webhooks, i) => {
    const [at, countedTo] = [instants[i], instants[i + 1]];
    return at === undefined || countedTo === undefined || (webhooks === 0 && at < first) ? [] : [{ at, webhooks, countedTo }];
  });
}

const stretchOf = (ms: number): number => Math.floor(ms / COUNTED_MS) * COUNTED_MS;
