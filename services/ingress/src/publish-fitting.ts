import { AppError } from '@keyturn/contracts';
import type { OutgoingRecord, Publisher } from '@keyturn/runtime';

/** `record`: one of them is larger than its topic takes. `all`: together they are more than one publish takes. */
export type TooLarge = 'record' | 'all';
type Publish = Publisher['publish'];

/** Null once Kafka confirmed all of them, or what of them is too large: some may then be written. Rejects with `webhook.not_kept` on any other failure. */
export const published = (publish: Publish, records: readonly OutgoingRecord[]): Promise<TooLarge | null> =>
  publish(records).then(nothing, tooLargeOf);

const nothing = (): null => null;
function tooLargeOf(error: unknown): TooLarge {
  if (error instanceof AppError && error.code === 'kafka.record_too_large') return error.detail.topic === undefined ? 'all' : 'record';
  throw new AppError('webhook.not_kept', 'Kafka did not confirm the webhook. Send it again.', { cause: error });
}

/** Publishes all that Kafka takes, in order, in halves down to the one record; answers the places of those that are too large. */
export async function publishFitting(publish: Publish, records: readonly OutgoingRecord[], from = 0): Promise<readonly number[]> {
  if (records.length === 0 || (await published(publish, records)) === null) return [];
  if (records.length === 1) return [from];
  const middle = records.length >> 1;
  const before = await publishFitting(publish, records.slice(0, middle), from);
  return [...before, ...(await publishFitting(publish, records.slice(middle), from + middle))];
}
