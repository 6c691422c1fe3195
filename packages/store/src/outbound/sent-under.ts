import type { InboundEvent, StatusReported } from '@keyturn/contracts';
import { isHashRefused } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** The same events; of a refusal by the identity key that does not say under which hash the message went, with the hash that the gate sent it under, where it
 *  did. A refusal that comes before the gate has written that down says nothing of it: it counts as if nobody knew, which is the strict side. */
export async function withSentUnder(tx: Tx, events: readonly InboundEvent[]): Promise<readonly InboundEvent[]> {
  const silent = events.filter(isSilent);
  if (silent.length === 0) return events;
  const { rows } = await tx.query<{ phone_number_id: string; wamid: string; key_hash: string }>({
    name: 'outbound.sent-under',
    text: 'select phone_number_id, wamid, key_hash from outbound_sent where wamid = any($1) and key_hash is not null',
    values: [silent.map(({ wamid }) => wamid)],
  });
  const hashes = new Map(rows.map((row) => [`${row.phone_number_id} ${row.wamid}`, row.key_hash]));
  return events.map((event) => {
    const sentUnder = isSilent(event) ? hashes.get(`${event.phoneNumberId} ${event.wamid}`) : undefined;
    return sentUnder === undefined ? event : { ...event, sentUnder };
  });
}

const isSilent = (event: InboundEvent): event is StatusReported => isHashRefused(event) && event.sentUnder === undefined;
