import type { Normalized } from '@keyturn/normalize';

/** What a replay came to. */
export type Tally = {
  /** Webhooks read that came in within the times asked for. */
  webhooks: number;
  /** Of these, those of which something was meant. */
  chosen: number;
  /** Events published; of a dry run, looked at. */
  events: number;
  byType: Record<string, number>;
  /** Events left out, since they are larger than their topic takes. */
  tooLarge: number;
  /** Records that no ingress wrote: passed over. */
  foreign: number;
  /** Records that the log lost while it was read. */
  gone: number;
};

/** Nothing is counted yet. */
export const startTally = (): Tally => ({ webhooks: 0, chosen: 0, events: 0, byType: {}, tooLarge: 0, foreign: 0, gone: 0 });

/** Counts these events in. */
export function count(tally: Tally, events: readonly Normalized[]): void {
  tally.events += events.length;
  for (const { event } of events) tally.byType[event.type] = (tally.byType[event.type] ?? 0) + 1;
}
