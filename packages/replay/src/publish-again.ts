import { AppError, headers } from '@keyturn/contracts';
import { eventRecord, type Normalized } from '@keyturn/normalize';
import type { OutgoingRecord, Publisher } from '@keyturn/runtime';

/** Publishes events as the ingress does, marked as replayed. Answers how many are larger than their topic takes and so were left out. Throws
 *  `kafka.unavailable`: some may then be written. */
export async function publishAgain(
  { publish }: Pick<Publisher, 'publish'>,
  events: readonly Normalized[],
  { replayId, actor }: { readonly replayId: string; readonly actor: string },
): Promise<number> {
  const marks = { [headers.replayed]: 'true', [headers.replayId]: replayId, [headers.replayedBy]: actor };
  const records = events.map(eventRecord).map((record): OutgoingRecord => ({ ...record, headers: { ...record.headers, ...marks } }));
  try {
    await publish(records);
    return 0;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'kafka.record_too_large') throw error;
  }
  if (events.length === 1) return 1;
  const middle = events.length >> 1;
  const before = await publishAgain({ publish }, events.slice(0, middle), { replayId, actor });
  return before + (await publishAgain({ publish }, events.slice(middle), { replayId, actor }));
}
