import { hash } from 'node:crypto';
import { eventRecord, normalize } from '@keyturn/normalize';
import { createLog, type OutgoingRecord, startPublisher } from '@keyturn/runtime';
import { bodyOf, changeOf, personOf } from '../load/bodies.ts';
import { random } from '../load/random.ts';
import type { Broker } from './kafka.ts';

/** What the ingress would publish of these bodies' items. */
export function recordsOf(change: string, receivedAt: Date): OutgoingRecord[] {
  const body = Buffer.from(bodyOf(change));
  return normalize(body, { webhookId: hash('sha256', body, 'hex'), receivedAt }).map(eventRecord);
}

/** Whom the events are about: mostly somebody of the known, each fiftieth time somebody who never wrote before. */
export type Crowd = { readonly known: number; readonly run: string };
const NEW_EVERY = 50;
const AT_ONCE = 2_000;

/** Puts events on the inbound topic; they happen one after the other, now. */
export async function fillInbound(broker: Broker, { known, run }: Crowd, count: number, newFrom = known): Promise<void> {
  const publisher = await startPublisher({ kafka: broker.kafka, prefix: broker.prefix, log: createLog('bench', { level: 'error' }) });
  const below = random(run);
  const receivedAt = new Date();
  const at = Math.floor(receivedAt.getTime() / 1_000) - 60;
  for (let from = 0; from < count; from += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) => from + i);
    const records = numbers.flatMap((i) => {
      const person = i % NEW_EVERY === 0 ? newFrom + i / NEW_EVERY : below(known);
      return recordsOf(changeOf(below(100), personOf(person), at + Math.floor((i * 60) / count), `${run}.${i}`), receivedAt);
    });
    await publisher.publish(records);
  }
  await publisher.stop();
}
