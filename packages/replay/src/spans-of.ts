import { MINUTE_MS, type Topic } from '@keyturn/contracts';
import { type FoundSpan, spansBetween } from '@keyturn/runtime';
import type { Selection } from './selection.ts';
import type { World } from './world.ts';

/** A record is written when its webhook has come in, seconds later at most. */
const WRITTEN_WITHIN_MS = MINUTE_MS;

/** Where the records are of what came in within these times; others may be among them. Throws `kafka.unavailable`. */
export function spansOf({ kafka, prefix, now }: World, topic: Topic, { from, to }: Selection): Promise<FoundSpan[]> {
  const until = Date.parse(to) + WRITTEN_WITHIN_MS;
  return spansBetween(kafka, prefix, topic, from === null ? null : new Date(from), until >= now().getTime() ? null : new Date(until));
}
