import { headers } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Along } from '../outbox.ts';

const CARRIED = [headers.receivedAt, headers.traceparent];

/** Of a record's headers, those that go along with all that is told because of it. */
export const alongOf = (record: IncomingRecord): Along =>
  Object.fromEntries(CARRIED.flatMap((name) => (record.headers[name] === undefined ? [] : [[name, record.headers[name]]])));
