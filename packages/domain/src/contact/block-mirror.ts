import { DAY_MS, SECOND_MS } from '@keyturn/contracts';
import type { Identifier } from '../directory/identifier.ts';
import { blockNow } from './business-block.ts';
import type { ContactState } from './contact-view.ts';
import { countsNow } from './held-now.ts';
import { writingsSince } from './writings.ts';

/** A person as one of our numbers blocks them at the platform. */
type MirrorPlace = { readonly phoneNumberId: string; readonly identifier: Identifier };
/** What the platform was asked to do. `mirroredAt`: when it did; null: nobody knows, or, with a code, it refused. `wanted`: whoever holds the
 *  identifier now is blocked by choice. */
export type Mirrored = MirrorPlace & {
  readonly contactId: string;
  readonly mirroredAt: string | null;
  readonly refusedCode: number | null;
  readonly wanted: boolean;
};
/** `forget`: the platform refused it, so there is nothing to take back. */
export type MirrorAction = MirrorPlace & { readonly contactId: string; readonly action: 'block' | 'unblock' | 'forget' };

/** For how long after a message the platform lets us block whoever wrote it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users, read 2026). */
const RECENT_SECONDS = DAY_MS / SECOND_MS;

/** What is to be done at the platform, so that exactly those are blocked there who are blocked by choice, as far as it lets us: only on numbers that
 *  they wrote to in the last 24 hours, under the identifier that they wrote with. The rest waits for their next message; who writes although they are
 *  blocked there is not, so that is asked for again. */
export function mirrorActions(
  contacts: readonly { readonly contactId: string; readonly state: ContactState }[],
  mirrored: readonly Mirrored[],
  now: number,
): MirrorAction[] {
  const gone = mirrored.filter(({ wanted }) => !wanted);
  const there = new Map(
    mirrored.flatMap((one) => (one.wanted && one.mirroredAt !== null ? [[keyOf(one), Date.parse(one.mirroredAt)] as const] : [])),
  );
  const fresh = contacts.flatMap(({ contactId, state }) =>
    [...blockable(state, now)]
      .filter(([key, { at }]) => at * SECOND_MS > (there.get(key) ?? Number.NEGATIVE_INFINITY))
      .map(([, { place }]): MirrorAction => ({ ...place, contactId, action: 'block' })),
  );
  return [...gone.map(takeBack), ...fresh];
}
const keyOf = ({ phoneNumberId, identifier }: MirrorPlace) => `${phoneNumberId} ${identifier}`;

function takeBack({ phoneNumberId, identifier, contactId, mirroredAt, refusedCode }: Mirrored): MirrorAction {
  const never = mirroredAt === null && refusedCode !== null;
  return { phoneNumberId, identifier, contactId, action: never ? 'forget' : 'unblock' };
}

/** Where the platform would let us block a person now, and when they last wrote there. It knows nobody by a parent BSUID. */
function blockable({ kept, held, blocks }: ContactState, now: number): Map<string, { place: MirrorPlace; at: number }> {
  const places = new Map<string, { place: MirrorPlace; at: number }>();
  if (blockNow(blocks) === undefined) return places;
  for (const { as, on, at } of writingsSince(kept, now - RECENT_SECONDS)) {
    if (on === null || as.startsWith('p:') || !countsNow(held, as, at)) continue;
    const place = { phoneNumberId: on, identifier: as };
    places.set(keyOf(place), { place, at: Math.max(at, places.get(keyOf(place))?.at ?? at) });
  }
  return places;
}
