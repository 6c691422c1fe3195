import { Bsuid, Instant, inbound, type PersonIds, WaId } from '@keyturn/contracts';
import { canonicalWaId } from '@keyturn/domain';
import type { Normalized } from '@keyturn/normalize';
import { z } from 'zod';

/** Which webhooks are meant: those that came in from `from` (null: from the first there is) and before `to`. Of them, with identifiers, only what
 *  names one of these; with `unrecognized`, only what was kept as `webhook.unrecognized` and is known today. */
export const Selection = z.object({
  from: Instant.nullable(),
  to: Instant,
  waIds: z.array(WaId),
  bsuids: z.array(Bsuid),
  unrecognized: z.boolean(),
});
export type Selection = z.infer<typeof Selection>;

/** Where something stood that nobody knew: the paths, by webhook. */
export type Unrecognized = ReadonlyMap<string, readonly string[]>;

/** Whether a webhook that came in at this instant is meant. */
export const isWithin = ({ from, to }: Selection, receivedAt: Date): boolean =>
  (from === null || receivedAt.getTime() >= Date.parse(from)) && receivedAt.getTime() < Date.parse(to);

/** Of a webhook's events those that are meant. `unrecognized` is null unless the selection asks for it. */
export function chosenOf(
  selection: Selection,
  unrecognized: Unrecognized | null,
  webhookId: string,
  events: readonly Normalized[],
): readonly Normalized[] {
  const { waIds, bsuids } = selection;
  const isAnybody = waIds.length + bsuids.length === 0;
  const isKnown = unrecognized === null ? () => true : knownNow(unrecognized.get(webhookId) ?? [], events);
  return events.filter((one) => (isAnybody || names(one, waIds.map(canonicalWaId), bsuids)) && isKnown(one));
}

/** Whether an event is news of what was unrecognized at these paths: it stands there or, since what was one item then may be several today, below;
 *  and it is not what was told even then of an item that is not wholly known today either. */
function knownNow(paths: readonly string[], events: readonly Normalized[]): (one: Normalized) => boolean {
  const isUnknown = ({ event }: Normalized) => event.type === 'webhook.unrecognized';
  const still = new Set(events.filter(isUnknown).map(({ event }) => event.source.path));
  return (one) => {
    const { path } = one.event.source;
    return !isUnknown(one) && paths.some((then) => (path === then && !still.has(path)) || path.startsWith(`${then}/`));
  };
}

/** In any spelling of the number. */
function names({ topic, event }: Normalized, waIds: readonly string[], bsuids: readonly string[]): boolean {
  if (topic !== inbound) return false;
  const persons: readonly PersonIds[] = [event as PersonIds, ...('previous' in event ? [event.previous, event.current] : [])];
  return persons.some(
    ({ waId, bsuid, parentBsuid }) =>
      (waId !== undefined && waIds.includes(canonicalWaId(waId))) ||
      [bsuid, parentBsuid].some((id) => id !== undefined && bsuids.includes(id)),
  );
}
