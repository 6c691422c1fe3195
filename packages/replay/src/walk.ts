import { webhooks } from '@keyturn/contracts';
import type { Normalized } from '@keyturn/normalize';
import { type LogSpan, readSpans } from '@keyturn/runtime';
import { eventsOf, keptWebhook } from './kept-webhook.ts';
import { chosenOf, isWithin, type Selection, type Unrecognized } from './selection.ts';
import type { Tally } from './tally.ts';
import type { World } from './world.ts';

/** What is to be read. */
export type Walk = {
  readonly replayId: string;
  readonly selection: Selection;
  readonly spans: readonly LogSpan[];
  readonly unrecognized: Unrecognized | null;
};
/** A webhook that came in within the times asked for, and its events that are meant. */
export type Found = {
  readonly partition: number;
  readonly webhookId: string;
  readonly receivedAt: Date;
  readonly chosen: readonly Normalized[];
};
/** What is done with what is found. */
export type Steps = {
  webhook(found: Found): Promise<void>;
  /** All before `next` of this partition was handed over: so many records more. */
  upTo(partition: number, next: bigint, records: number): Promise<void>;
};

/** Reads the webhooks that are meant and hands over what today's code makes of them, each partition in its order. Counts what it reads. Throws what
 *  the steps throw, and `kafka.unavailable`. */
export function walk(
  { kafka, prefix, now }: World,
  { replayId, selection, spans, unrecognized }: Walk,
  tally: Tally,
  steps: Steps,
): Promise<void> {
  const topic = webhooks;
  return readSpans({ kafka, prefix, topic, group: `replay-${replayId}`, spans }, async ({ partition, records, next, gone }) => {
    for (const record of records) {
      const kept = keptWebhook(record);
      if (kept === null) tally.foreign += 1;
      if (kept === null || !isWithin(selection, kept.receivedAt)) continue;
      const { webhookId, receivedAt } = kept;
      const isMeant = unrecognized === null || unrecognized.has(webhookId);
      const chosen = isMeant ? chosenOf(selection, unrecognized, webhookId, await eventsOf(kept, now())) : [];
      await steps.webhook({ partition, webhookId, receivedAt, chosen });
      tally.webhooks += 1;
      if (chosen.length > 0) tally.chosen += 1;
    }
    tally.gone += gone;
    await steps.upTo(partition, next, records.length + gone);
  });
}
