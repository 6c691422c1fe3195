import { createRequire } from 'node:module';

type RequestQueue = { pending: unknown[]; scheduleCheckPendingRequests(): void };

/** Ends the timer that every kafkajs connection re-arms without need. In 2.2.4 a request queue checks itself again "when throttling ends", and
 *  `throttledUntil` starts at -1: the delay is minus the time of day, so Node 24 prints `TimeoutNegativeWarning`, and the check runs each
 *  millisecond for ever, 5 % of a core for an idle producer. A check is needed only while requests wait; `push` arms one for each that does
 *  (https://github.com/tulios/kafkajs/issues/1751, open, read 2026-06). Safe to call again. */
export function patchKafkajsTimer(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  const { scheduleCheckPendingRequests } = prototype;
  if (scheduleCheckPendingRequests.name === 'scheduleWhilePending') return;
  prototype.scheduleCheckPendingRequests = function scheduleWhilePending(this: RequestQueue): void {
    if (this.pending.length > 0) scheduleCheckPendingRequests.call(this);
  };
}
