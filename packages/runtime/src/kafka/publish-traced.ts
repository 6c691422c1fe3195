import { headers } from '@keyturn/contracts';
import { trace } from '../trace/trace.ts';
import type { OutgoingRecord } from './lane.ts';

/** Publishes as a step of what is under way, which the records' readers continue; a record that has its trace already keeps it. */
export function publishTraced(
  publish: (records: readonly OutgoingRecord[]) => Promise<void>,
  records: readonly OutgoingRecord[],
): Promise<void> {
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'send',
    'messaging.destination.name': [...new Set(records.map(({ topic }) => topic.name))].join(),
    'messaging.batch.message_count': records.length,
  };
  return trace.step('publish', () => publish(records.map(carryTrace)), { kind: 'producer', attributes });
}

function carryTrace(record: OutgoingRecord): OutgoingRecord {
  const traceparent = trace.parent();
  if (traceparent === undefined || record.headers?.[headers.traceparent] !== undefined) return record;
  return { ...record, headers: { ...record.headers, [headers.traceparent]: traceparent } };
}
