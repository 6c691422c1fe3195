import { headers } from '@keyturn/contracts';
import { type Span, trace } from '@keyturn/runtime';
import type { Tx } from './database.ts';
import type { Along } from './outbox.ts';

/** What a transaction has told and not committed. */
const open = new WeakMap<Tx, Span[]>();

/** What goes along with a change, in the trace of the webhook that brought it about (or of the request that is under way): where traces are asked
 *  for, as a span that goes out when the transaction has committed, and links to the batch. */
export function inTrace(tx: Tx, type: string, along: Along = {}): Along {
  if (!trace.isOn()) return along;
  const { [headers.traceparent]: origin } = along;
  const here = trace.parent();
  if (origin === undefined && here === undefined) return along;
  const options = origin === undefined ? {} : { parent: origin, links: here === undefined ? [] : [here] };
  const span = trace.open(`tell ${type}`, () => options);
  if (span === null) return along;
  const spans = open.get(tx) ?? [];
  open.set(tx, spans);
  spans.push(span);
  return { ...along, [headers.traceparent]: span.traceparent };
}

/** What was told is now so; or, where the transaction was rolled back, never was. */
export function endTold(tx: Tx, committed: boolean): void {
  if (committed) for (const span of open.get(tx) ?? []) span.end();
  open.delete(tx);
}
