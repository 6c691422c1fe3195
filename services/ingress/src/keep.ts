import { AppError } from '@keyturn/contracts';
import {
  type Delivery,
  eventRecord,
  inSlices,
  type Normalized,
  normalizeInSlices,
  unpublishable,
  webhookIdOf,
  webhookRecord,
} from '@keyturn/normalize';
import { type Breaker, breaker, type OutgoingRecord, type Publisher } from '@keyturn/runtime';
import { published, publishFitting } from './publish-fitting.ts';

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

/** A body and its events in one confirmed publish. In place of each event that is too large for its topic goes one that says so, and in place of
 *  all where they are more than one publish takes: refused, the body would only come back for seven days. */
export function keeper({ publish }: Pick<Publisher, 'publish'>): Keep {
  return async (delivery) => {
    const webhookId = webhookIdOf(delivery.body);
    const body = webhookRecord(webhookId, delivery);
    const events = await normalizeInSlices(delivery.body, { webhookId, receivedAt: delivery.receivedAt });
    const records = await inSlices(events, eventRecord);
    const tooLarge = await published(publish, [body, ...records]);
    if (tooLarge === null) return { webhookId, events };
    const webhook = { webhookId, receivedAt: delivery.receivedAt.toISOString(), receivedMs: delivery.receivedAt.getTime() };
    if (tooLarge === 'all') {
      const instead = unpublishable(webhook, '');
      await insist([body, eventRecord(instead)]);
      return { webhookId, events: [instead] };
    }
    await insist([body]);
    const refused = await publishFitting(publish, records);
    const instead = new Map(refused.map((i) => [i, unpublishable(webhook, events[i]?.event.source.path ?? '')]));
    await insist([...instead.values()].map(eventRecord));
    return { webhookId, events: events.map((event, i) => instead.get(i) ?? event) };
  };

  async function insist(records: readonly OutgoingRecord[]): Promise<void> {
    if ((await published(publish, records)) === null) return;
    throw new AppError('webhook.not_kept', 'Kafka takes no record of this size: raise message.max.bytes of the broker to 8 MiB or more.');
  }
}
