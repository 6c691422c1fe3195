import { type Channel, channel } from 'node:diagnostics_channel';

/** Everything that is passed on the way of a webhook to its readers, in order. Each is a channel of `node:diagnostics_channel` under its name
 *  after `keyturn:`, for whoever traces, profiles or breaks the process from outside. */
export const points = [
  /** A body came in whole. */
  'ingress.read',
  'ingress.verified',
  /** Kafka confirmed the body and its events; nobody has an answer yet. */
  'ingress.produced',
  /** The answer 200 went to the connection. */
  'ingress.acked',
  'consumer.polled',
  /** All that a batch changes is written, and not committed. */
  'consumer.in_transaction',
  'consumer.committed',
  /** Kafka knows the group's offset too. */
  'consumer.offset_committed',
  /** Kafka confirmed rows of the outbox, which are still in it. */
  'relay.published',
  'relay.removed',
] as const;
/** One of them. */
export type Point = (typeof points)[number];

const channels = Object.fromEntries(points.map((point) => [point, channel(`keyturn:${point}`)])) as Record<Point, Channel>;

/** Tells the point's subscribers, before it returns, that it is reached, and where: no personal data. Costs a look where nobody listens. */
export function reach(point: Point, where: Readonly<Record<string, string | number>>): void {
  const { [point]: told } = channels;
  if (told.hasSubscribers) told.publish(where);
}

/** Whether somebody listens at the point, for who would have to make ready for it. */
export const isWatched = (point: Point): boolean => channels[point].hasSubscribers;
