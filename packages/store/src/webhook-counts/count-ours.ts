import { COUNTED_MS } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Counts webhooks that we made ourselves, in the transaction that puts them in the outbox: none is published that is not known to be ours. */
export async function countOurs(tx: Tx, webhooks: number, now: Date): Promise<void> {
  if (webhooks === 0) return;
  await tx.query({
    name: 'webhooks.ours',
    text: `insert into webhook_ours as o (at, webhooks) values ($1, $2)
           on conflict (at) do update set webhooks = o.webhooks + excluded.webhooks`,
    values: [new Date(Math.floor(now.getTime() / COUNTED_MS) * COUNTED_MS), webhooks],
  });
}
