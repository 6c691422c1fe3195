import { inSlices } from './in-slices.ts';
import { stepEvents } from './items.ts';
import type { Normalized } from './normalized.ts';
import { type Context, plan } from './plan.ts';

/** Every item of a webhook body becomes at least one event, in the order of the body. Total: any bytes at all give at least one event, none
 *  throws, and one bad item never takes its neighbours along. */
export function normalize(body: Buffer, context: Context): readonly Normalized[] {
  const events: Normalized[] = [];
  for (const step of plan(body, context)) for (const event of stepEvents(step)) events.push(event);
  return events;
}

/** The same, in slices that let others by where there are many items. */
export function normalizeInSlices(body: Buffer, context: Context): readonly Normalized[] | Promise<readonly Normalized[]> {
  const events: Normalized[] = [];
  const done = inSlices(plan(body, context), (step) => {
    for (const event of stepEvents(step)) events.push(event);
  });
  return Array.isArray(done) ? events : done.then(() => events);
}
