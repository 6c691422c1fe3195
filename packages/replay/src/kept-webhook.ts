import { headers, Instant } from '@keyturn/contracts';
import { type Normalized, normalizeInSlices, webhookIdOf } from '@keyturn/normalize';
import type { IncomingRecord } from '@keyturn/runtime';

/** A body as the ingress kept it. */
export type KeptWebhook = { readonly webhookId: string; readonly receivedAt: Date; readonly body: Buffer };

/** The webhook of a record, or null where no ingress wrote it: the key is not the body's SHA-256, or when it came in or its signature is missing. */
export function keptWebhook({ key, value, headers: said }: IncomingRecord): KeptWebhook | null {
  const receivedAt = Instant.safeParse(said[headers.receivedAt]);
  if (!receivedAt.success || said[headers.signature] === undefined || key !== webhookIdOf(value)) return null;
  return { webhookId: key, receivedAt: new Date(receivedAt.data), body: value };
}

/** What today's code makes of it, as of when it came in: the same item has the same id as then. By today's clock a time can be that could not by one
 *  that was slow then. Total, as `normalize` is. */
export const eventsOf = async ({ body, webhookId, receivedAt }: KeptWebhook, now: Date): Promise<readonly Normalized[]> =>
  normalizeInSlices(body, { webhookId, receivedAt, now: now > receivedAt ? now : receivedAt });
