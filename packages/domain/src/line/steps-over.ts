import type { WebhookCountsJson, WebhookSpan } from '@keyturn/contracts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@keyturn/contracts';

/** How long a step is, and how many of them a span shows. */
const spans: Readonly<Record<WebhookSpan, { readonly stepMs: number; readonly steps: number }>> = {
  '6h': { stepMs: 5 * MINUTE_MS, steps: 72 },
  '24h': { stepMs: 15 * MINUTE_MS, steps: 96 },
  '7d': { stepMs: HOUR_MS, steps: 168 },
};
/** What was counted of a step, and how much of its time. */
export type CountedStep = { readonly at: Date; readonly webhooks: number; readonly countedMs: number };

/** How long the steps of a span are, and where the first of them begins. The last is the one that goes on now. */
export function stepsBegin(over: WebhookSpan, now: Date): { readonly stepMs: number; readonly from: Date } {
  const { stepMs, steps } = spans[over];
  return { stepMs, from: new Date((Math.floor(now.getTime() / stepMs) - steps + 1) * stepMs) };
}

/** Every step of a span in its order; one of which nothing was counted has no number, which is not zero. */
export function stepsOver(over: WebhookSpan, now: Date, counted: readonly CountedStep[]): Omit<WebhookCountsJson, 'countedTo'> {
  const { stepMs, from } = stepsBegin(over, now);
  const found = new Map(counted.map((one) => [one.at.getTime(), one]));
  const steps = Array.from({ length: spans[over].steps }, (_, i) => {
    const at = from.getTime() + i * stepMs;
    const one = found.get(at);
    return { at: new Date(at).toISOString(), webhooks: one?.webhooks ?? null, complete: (one?.countedMs ?? 0) >= stepMs };
  });
  return { stepSeconds: stepMs / SECOND_MS, steps };
}
