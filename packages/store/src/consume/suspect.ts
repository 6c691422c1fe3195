import type { ContactDirectoryEvent } from '@keyturn/contracts';
import { type Holding, skip, type Told } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { startFold, take } from '../fold.ts';
import type { Read } from './read-record.ts';
import type { ConsumerDefinition } from './run.ts';
import { saveFold } from './save-fold.ts';

/** Every contact that an event names. */
export const namedBy = (event: ContactDirectoryEvent) => [
  event.contactId,
  ...(event.mergedInto === undefined ? [] : [event.mergedInto]),
  ...event.moves.flatMap((move) => [move.leaves, move.joins]),
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Whom a lost record is about: all that it names, or, where it can't be read, whose key it has. */
export function about(read: Read<ContactDirectoryEvent>): { contactIds: readonly string[]; id: string } {
  if (read.kind === 'event') return { contactIds: namedBy(read.event), id: read.event.id };
  const key = read.record.key ?? '';
  return { contactIds: UUID.test(key) ? [key] : [], id: `offset ${read.record.offset}` };
}

/** Lets a slice that guards somebody record the loss of directory events on everybody they are about: nobody knows who they are now, so somebody has
 *  to look. `lostAt` is when it was lost first, so that losing it again says nothing new. Changes nothing for a slice to which such a loss means nothing. */
export async function suspect<State, View, T extends Told>(
  tx: Tx,
  consumer: ConsumerDefinition<State, View, T>,
  lost: readonly Read<ContactDirectoryEvent>[],
  now: Date,
  lostAt: (read: Read<ContactDirectoryEvent>) => Date,
): Promise<void> {
  const { slice, repository, group } = consumer;
  if (slice.undecided === undefined || lost.length === 0) return;
  const losses = lost.map((read) => ({ ...about(read), at: lostAt(read) }));
  const who = await whoAre(tx, [...new Set(losses.flatMap(({ contactIds }) => contactIds))]);
  const holders = [...who.values()].filter(({ holdings }) => holdings.length > 0);
  if (holders.length === 0) return;
  const fold = startFold<State, T>(await repository.load(tx, holders.map(({ contactId }) => contactId).sort()));
  for (const { contactId, holdings } of holders) {
    for (const { id, at } of losses.filter(({ contactIds }) => contactIds.includes(contactId))) {
      const stored = fold.rows.get(contactId);
      const second = Math.floor(at.getTime() / 1000);
      const decision = stored && slice.undecided(stored, { id, as: newest(holdings).identifier, at: second, phoneNumberId: '' });
      take(slice, fold, contactId, decision ?? skip('undecided'), {
        cause: { actor: `system:${group}`, reason: 'undecided', eventId: id },
        occurredAt: at.toISOString(),
      });
    }
  }
  await saveFold(tx, consumer, fold, now.toISOString(), who);
}
const newest = (holdings: readonly Holding[]) => holdings.reduce((latest, one) => (one.to > latest.to ? one : latest));
