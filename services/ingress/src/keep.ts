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
import { published, publishFitting, type TooLarge } from './publish-fitting.ts';

/** What was kept of one body: the type of each of its events. */
export type Kept = { readonly webhookId: string; readonly types: readonly string[] };
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

/** A body on its way: no more of it than who waits needs, for as long as it waits. */
type Sent = { readonly types: readonly string[]; readonly confirmed: Promise<TooLarge | null> };

/** A body and its events in one confirmed publish. In place of each event that is too large for its topic goes one that says so, and in place of
 *  all where they are more than one publish takes: refused, the body would only come back for seven days. */
export function keeper({ publish }: Pick<Publisher, 'publish'>): Keep {
  return async (delivery) => {
    const webhookId = webhookIdOf(delivery.body);
    const sending = send(webhookId, delivery);
    const { types, confirmed } = sending instanceof Promise ? await sending : sending;
    const tooLarge = await confirmed;
    return { webhookId, types: tooLarge === null ? types : await keepFitting(webhookId, delivery, tooLarge) };
  };

  function send(webhookId: string, delivery: Delivery): Sent | Promise<Sent> {
    return after(read(webhookId, delivery), (events) =>
      after(inSlices(events, eventRecord), (records) => ({
        types: events.map(typeOf),
        confirmed: published(publish, [webhookRecord(webhookId, delivery), ...records]),
      })),
    );
  }

  /** Its events are read again: nobody held them for a case so rare. */
  async function keepFitting(webhookId: string, delivery: Delivery, tooLarge: TooLarge): Promise<readonly string[]> {
    const { receivedAt } = delivery;
    const body = webhookRecord(webhookId, delivery);
    const webhook = { webhookId, receivedAt: receivedAt.toISOString(), receivedMs: receivedAt.getTime() };
    if (tooLarge === 'all') {
      const instead = unpublishable(webhook, '');
      await insist([body, eventRecord(instead)]);
      return [typeOf(instead)];
    }
    await insist([body]);
    const events = await read(webhookId, delivery);
    const refused = await publishFitting(publish, await inSlices(events, eventRecord));
    const instead = new Map(refused.map((i) => [i, unpublishable(webhook, events[i]?.event.source.path ?? '')]));
    await insist([...instead.values()].map(eventRecord));
    return events.map((event, i) => typeOf(instead.get(i) ?? event));
  }

  async function insist(records: readonly OutgoingRecord[]): Promise<void> {
    if ((await published(publish, records)) === null) return;
    throw new AppError('webhook.not_kept', 'Kafka takes no record of this size: raise message.max.bytes of the broker to 8 MiB or more.');
  }
}

const read = (webhookId: string, { body, receivedAt }: Delivery) => normalizeInSlices(body, { webhookId, receivedAt });
const typeOf = ({ event: { type } }: Normalized): string => type;

/** What comes after a value, at once where it is there. */
const after = <Value, Next>(value: Value | Promise<Value>, next: (value: Value) => Next | Promise<Next>): Next | Promise<Next> =>
  value instanceof Promise ? value.then(next) : next(value);
