import { AppError } from '@keyturn/contracts';
import { type Breaker, breaker, type OutgoingRecord, type Publisher } from '@keyturn/runtime';
import { inSlices } from './in-slices.ts';
import { normalizeInSlices } from './normalize/normalize.ts';
import type { Normalized } from './normalize/normalized.ts';
import { unpublishable } from './normalize/unrecognized.ts';
import { type Delivery, eventRecord, webhookIdOf, webhookRecord } from './webhook-records.ts';

/** What was kept of one body. */
export type Kept = { readonly webhookId: string; readonly events: readonly Normalized[] };
/** Resolves once Kafka confirmed the body and all that became of it; rejects with `webhook.not_kept` where it did not. */
export type Keep = (delivery: Delivery) => Promise<Kept>;

/** The keeper behind a breaker: when most publishes fail, the next are refused at once, and one is let through every two seconds. */
export const guardedKeeper = (publisher: Pick<Publisher, 'publish'>): Breaker<[Delivery], Kept> =>
  // Whatever fails here is Kafka's: bodies were read and verified before, and normalizing is total.
  breaker(keeper(publisher), {
    name: 'ingress_kafka',
    whenOpen: () => new AppError('webhook.not_kept', 'Kafka confirms nothing at the moment. Send it again.'),
    resetMs: 2_000,
    callsMin: 3,
  });

/** A body and its events in one confirmed publish. Should the broker find an event too large, the body goes with one event that says so:
 *  refused, it would only come back for seven days. */
export function keeper({ publish }: Pick<Publisher, 'publish'>): Keep {
  return async (delivery) => {
    const webhookId = webhookIdOf(delivery.body);
    const body = webhookRecord(webhookId, delivery);
    const events = await normalizeInSlices(delivery.body, { webhookId, receivedAt: delivery.receivedAt });
    if (await published([body, ...(await inSlices(events, eventRecord))])) return { webhookId, events };
    const instead = [
      unpublishable({ webhookId, receivedAt: delivery.receivedAt.toISOString(), receivedMs: delivery.receivedAt.getTime() }),
    ];
    if (await published([body, ...instead.map(eventRecord)])) return { webhookId, events: instead };
    throw new AppError('webhook.not_kept', 'Kafka takes no record of this size: raise message.max.bytes of the broker to 8 MiB or more.');
  };

  /** False: too large. */
  async function published(records: readonly OutgoingRecord[]): Promise<boolean> {
    try {
      await publish(records);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'kafka.record_too_large') return false;
      throw new AppError('webhook.not_kept', 'Kafka did not confirm the webhook. Send it again.', { cause: error });
    }
  }
}
