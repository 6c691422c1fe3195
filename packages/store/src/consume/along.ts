import { headers } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type { Along } from '../outbox.ts';

const CARRIED = [headers.receivedAt, headers.traceparent];

/** Of a record's headers, those that go along with all that is told because of it. */
export function alongOf({ headers: sent }: IncomingRecord): Along {
  const along: Record<string, string> = {};
  for (const name of CARRIED) if (sent[name] !== undefined) along[name] = sent[name];
  return along;
}
