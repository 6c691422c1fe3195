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

/** What became of a body: the type of each of its events, and each thing in them that could not be. */
type Told = { readonly types: readonly string[]; readonly flags: readonly string[] };
/** What was kept of one body. */
export type Kept = Told & { readonly webhookId: string };
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
type Sent = { readonly told: Told; readonly confirmed: Promise<TooLarge | null> };

/** A body and its events in one confirmed publish. In place of each event that is too large for its topic goes one that says so, and in place of
 *  all where they are more than one publish takes: refused, the body would only come back for seven days. */
export function keeper({ publish }: Pick<Publisher, 'publish'>): Keep {
  return async (delivery) => {
    const webhookId = webhookIdOf(delivery.body);
    const sending = send(webhookId, delivery);
    const { told, confirmed } = sending instanceof Promise ? await sending : sending;
    const tooLarge = await confirmed;
    return { webhookId, ...(tooLarge === null ? told : await keepFitting(webhookId, delivery, tooLarge)) };
  };

  function send(webhookId: string, delivery: Delivery): Sent | Promise<Sent> {
    return after(read(webhookId, delivery), (events) =>
      after(inSlices(events, eventRecord), (records) => ({
        told: toldBy(events),
        confirmed: published(publish, [webhookRecord(webhookId, delivery), ...records]),
      })),
    );
  }

  /** Its events are read again: nobody held them for a case so rare. */
  async function keepFitting(webhookId: string, delivery: Delivery, tooLarge: TooLarge): Promise<Told> {
    const { receivedAt } = delivery;
    const body = webhookRecord(webhookId, delivery);
    const webhook = { webhookId, receivedAt: receivedAt.toISOString(), nowMs: receivedAt.getTime() };
    if (tooLarge === 'all') {
      const instead = unpublishable(webhook, '');
      await insist([body, eventRecord(instead)]);
      return toldBy([instead]);
    }
    await insist([body]);
    const events = await read(webhookId, delivery);
    const refused = await publishFitting(publish, await inSlices(events, eventRecord));
    const instead = new Map(refused.map((i) => [i, unpublishable(webhook, events[i]?.event.source.path ?? '')]));
    await insist([...instead.values()].map(eventRecord));
    return toldBy(events.map((event, i) => instead.get(i) ?? event));
  }

  async function insist(records: readonly OutgoingRecord[]): Promise<void> {
    if ((await published(publish, records)) === null) return;
    throw new AppError('webhook.not_kept', 'Kafka takes no record of this size: raise message.max.bytes of the broker to 8 MiB or more.');
  }
}

const read = (webhookId: string, { body, receivedAt }: Delivery) => normalizeInSlices(body, { webhookId, receivedAt });
const NONE: readonly string[] = [];
function toldBy(events: readonly Normalized[]): Told {
  const types = events.map(({ event: { type } }) => type);
  const isFlagged = ({ event }: Normalized) => 'flags' in event;
  return { types, flags: events.some(isFlagged) ? events.flatMap(({ event }) => ('flags' in event && event.flags) || []) : NONE };
}

/** What comes after a value, at once where it is there. */
const after = <Value, Next>(value: Value | Promise<Value>, next: (value: Value) => Next | Promise<Next>): Next | Promise<Next> =>
  value instanceof Promise ? value.then(next) : next(value);
