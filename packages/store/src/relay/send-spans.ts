import { headers } from '@keyturn/contracts';
import { type Span, trace } from '@keyturn/runtime';
import type { OutboxRow } from './outbox-rows.ts';
import type { Sent } from './publish-rows.ts';

/** Rows as they go out where traces are asked for: those that came with a trace each in a span of their own, which is what their readers continue.
 *  `end` closes the spans by how the rows ended. */
export function openSends(rows: readonly OutboxRow[]): { readonly rows: readonly OutboxRow[]; end(sent: Sent): void } {
  if (!trace.isOn()) return { rows, end: () => {} };
  const spans = new Map<string, Span>();
  const carried = rows.map((row) => {
    const { [headers.traceparent]: parent } = row.headers;
    const span = parent === undefined ? null : openSend(row, parent);
    if (span === null) return row;
    spans.set(row.position, span);
    return { ...row, headers: { ...row.headers, [headers.traceparent]: span.traceparent } };
  });
  return {
    rows: carried,
    end({ confirmed }) {
      const out = new Set(confirmed);
      for (const [position, span] of spans) {
        if (!out.has(position)) span.fail(new Error('not confirmed'));
        span.end();
      }
    },
  };
}

const openSend = ({ topic }: OutboxRow, parent: string): Span | null =>
  trace.open(`send ${topic}`, () => ({
    kind: 'producer',
    parent,
    attributes: { 'messaging.system': 'kafka', 'messaging.operation.type': 'send', 'messaging.destination.name': topic },
  }));
