import { setImmediate } from 'node:timers/promises';
import { stepEvents } from './items.ts';
import type { Normalized } from './normalized.ts';
import { plan } from './plan.ts';

/** A body that came: `webhookId` is its SHA-256, hex. */
type Context = { readonly webhookId: string; readonly receivedAt: Date };

/** Every item of a webhook body becomes at least one event, in the order of the body. Total: any bytes at all give at least one event, none
 *  throws, and one bad item never takes its neighbours along. */
export function normalize(body: Buffer, context: Context): readonly Normalized[] {
  const events: Normalized[] = [];
  for (const step of plan(body, context)) for (const event of stepEvents(step)) events.push(event);
  return events;
}

/** How many items are read in one go: a few milliseconds' worth. */
const SLICE_STEPS = 64;

/** The same, in slices with a turn for everybody else between any two, so that a large body holds up nobody beside it. */
export async function normalizeInSlices(body: Buffer, context: Context): Promise<readonly Normalized[]> {
  const steps = plan(body, context);
  const events: Normalized[] = [];
  for (const [i, step] of steps.entries()) {
    if (i > 0 && i % SLICE_STEPS === 0) await setImmediate();
    for (const event of stepEvents(step)) events.push(event);
  }
  return events;
}
