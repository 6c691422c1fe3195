import type { CallReported, InboundEvent, MessageReceived, PreferenceChanged, StatusReported } from '@keyturn/contracts';
import fc from 'fast-check';
import type { Decision } from '../decision.ts';
import type { Identifier } from '../directory/identifier.ts';
import { instantOf } from '../seconds.ts';
import type { Holding, Resolved, Slice, Stored, Told, Whereabouts, Who } from '../slice.ts';

/** What an item says beside its envelope, its time in whole seconds and under which identifier it came. */
type Item<Event> = Partial<Omit<Event, 'type'>> & { as?: Identifier; at?: number; contactId?: string };

const envelopeOf = (item: Item<MessageReceived>, id: string) => ({
  id,
  wabaId: 'waba1',
  phoneNumberId: 'P1',
  occurredAt: instantOf(item.at ?? 100),
  receivedAt: instantOf(999),
  source: { webhookId: 'body', path: '/entry/0' },
  contactId: item.contactId ?? 'c1',
  as: item.as ?? ('w:1' as const),
  at: item.at ?? 100,
});
/** A text of a person to us, unless the item says otherwise; what is left out makes its id. */
export const message = (item: Item<MessageReceived> = {}): Resolved<MessageReceived> => ({
  ...envelopeOf(item, `message:${JSON.stringify(item)}`),
  type: 'message.received',
  wamid: 'wamid.in',
  messageType: 'text',
  ...item,
});
/** A message of ours that was delivered. */
export const status = (item: Item<StatusReported> = {}): Resolved<StatusReported> => ({
  ...envelopeOf(item as Item<MessageReceived>, `status:${JSON.stringify(item)}`),
  type: 'status.reported',
  wamid: 'wamid.out',
  subject: 'delivery',
  status: 'delivered',
  ...item,
});
/** A person who wants no more marketing messages. */
export const preference = (item: Item<PreferenceChanged> = {}): Resolved<PreferenceChanged> => ({
  ...envelopeOf(item as Item<MessageReceived>, `preference:${JSON.stringify(item)}`),
  type: 'preference.changed',
  category: 'marketing_messages',
  preference: 'stop',
  ...item,
});

/** A person who calls us. */
export const call = (item: Item<CallReported> = {}): Resolved<CallReported> => ({
  ...envelopeOf(item as Item<MessageReceived>, `call:${JSON.stringify(item)}`),
  type: 'call.reported',
  callId: 'wacid.1',
  event: 'connect',
  calledBy: 'person',
  ...item,
});
/** What is none of the above, of these types, each saying as little as it may. */
export const others = {
  echo: { type: 'message.echoed', wamid: 'wamid.echo', messageType: 'text', sentFrom: 'business_app' },
  imported: { type: 'message.imported', wamid: 'wamid.past', messageType: 'text', author: 'person' },
  synced: { type: 'state.synced', kind: 'contact', action: 'add' },
  handedOver: { type: 'thread.handed_over', handover: 'control_taken' },
  participant: { type: 'group.participant_changed', groupId: 'G', change: 'added', groupChange: 'group_participants_add' },
} as const;
/** One of them, with more to say or less. */
export const other = (kind: keyof typeof others, more: object = {}): Resolved =>
  ({ ...envelopeOf({}, `${kind}:${JSON.stringify(more)}`), ...others[kind], ...more }) as Resolved<InboundEvent>;

/** A contact's row with this state, of which nothing was told. */
export const storedOf = <State>(state: State): Stored<State> => ({ state, version: 0, holdings: [], mergedInto: null });

/** Who holds each identifier from when on, the first since ever. */
export type Periods = Readonly<Record<Identifier, readonly { readonly from: number; readonly contactId: string }[]>>;
/** What the directory answers where this is so, for these contacts. A number change is a signal on them. */
export function whereabouts(all: Periods, contactIds: readonly string[], changes: Readonly<Record<string, number>> = {}): Whereabouts {
  const periods = new Map(
    Object.entries(all).map(([identifier, turns]) => [
      identifier as Identifier,
      turns.map(({ contactId, from }, i) => ({ contactId, from, to: turns[i + 1]?.from ?? Number.POSITIVE_INFINITY })),
    ]),
  );
  const who = (contactId: string): Who => {
    const holdings = [...periods].flatMap(([identifier, held]): Holding[] =>
      held.filter((one) => one.contactId === contactId).map(({ from, to }) => ({ identifier, from, to })),
    );
    const at = changes[contactId];
    const mergedInto = holdings.length > 0 ? null : (contactIds.find((other) => other !== contactId) ?? null);
    return {
      contactId,
      scope: 'default',
      mergedInto,
      holdings,
      signals: at === undefined ? [] : [{ signal: `number_change:w:1>w:2@${at}`, at }],
    };
  };
  return { periods, who: new Map(contactIds.map((contactId) => [contactId, who(contactId)])) };
}

/** Where `c1` moved from number 1 to number 2 at 200, and whoever has written from number 1 since is `c2`. */
export const numberMoved = whereabouts(
  {
    'w:1': [
      { from: Number.NEGATIVE_INFINITY, contactId: 'c1' },
      { from: 200, contactId: 'c2' },
    ],
    'w:2': [{ from: 200, contactId: 'c1' }],
  },
  ['c1', 'c2'],
  { c1: 200 },
);

/** The rows of contacts as a slice's decisions change them, a JSON round trip between any two, as in a database. */
export type World<State> = ReadonlyMap<string, Stored<State>>;
export const emptyWorld = <State>(empty: State, contactIds: readonly string[]): World<State> =>
  new Map(contactIds.map((contactId) => [contactId, storedOf(empty)]));

function follow<State>(world: World<State>, contactId: string, decision: Decision<State, Told>, who?: Who): World<State> {
  const row = world.get(contactId);
  if (!row || decision.kind === 'skip') return world;
  const version = row.version + (decision.kind === 'apply' ? decision.told.length : 0);
  const known = who ? { holdings: who.holdings, mergedInto: who.mergedInto } : {};
  return new Map([...world, [contactId, { ...row, ...known, version, state: JSON.parse(JSON.stringify(decision.state)) as State }]]);
}
/** One item after the other, each to the contact that it was resolved to. */
export const takeAll = <State, T extends Told>(
  slice: Slice<State, unknown, T>,
  world: World<State>,
  items: readonly Resolved[],
): World<State> =>
  items.reduce(
    (sofar, item) => follow(sofar, item.contactId, slice.decide(sofar.get(item.contactId) ?? storedOf(slice.empty), item)),
    world,
  );
/** What the directory has now, followed by all. */
export const regroupAll = <State, T extends Told>(slice: Slice<State, unknown, T>, world: World<State>, where: Whereabouts): World<State> =>
  [...slice.regroup(world, where)].reduce(
    (sofar, [contactId, decision]) => follow(sofar, contactId, decision, where.who.get(contactId)),
    world,
  );
/** What everybody may know of each contact. */
export const viewsOf = <State, View>(slice: Slice<State, View, Told>, world: World<State>): Record<string, View> =>
  Object.fromEntries([...world].map(([contactId, { state, version }]) => [contactId, slice.view(state, version)]));

/** The contacts and identifiers of generated worlds, few so that they collide. */
export const contactIds = ['c1', 'c2', 'c3'] as const;
const identifiers = ['w:1', 'w:2', 'u:a:1'] as const;
const someAt = fc.integer({ min: 1, max: 8 });
const someContact = fc.constantFrom(...contactIds);
/** Items under any identifier, resolved to nobody in particular. */
export const somewhere = { as: fc.constantFrom(...identifiers), at: someAt, phoneNumberId: fc.constantFrom('P1', 'P2') };
/** A directory in which every identifier changes hands up to twice. */
export const somePeriods: fc.Arbitrary<Periods> = fc.record(
  Object.fromEntries(
    identifiers.map((identifier) => [
      identifier,
      fc
        .tuple(
          someContact,
          fc.uniqueArray(fc.record({ from: someAt, contactId: someContact }), { maxLength: 2, selector: ({ from }) => from }),
        )
        .map(([first, turns]) => [{ from: Number.NEGATIVE_INFINITY, contactId: first }, ...turns.toSorted((a, b) => a.from - b.from)]),
    ]),
  ) as Record<Identifier, fc.Arbitrary<Periods[Identifier]>>,
);
/** Items each with the contact that held its identifier at its time. */
export const resolvedBy = <Event extends Resolved>(periods: Periods, items: readonly Event[]): Event[] =>
  items.map((item) => ({ ...item, contactId: periods[item.as]?.findLast(({ from }) => from <= item.at)?.contactId ?? 'c1' }));
/** A list, and the same each twice in another order. */
export const andAgain = <One>(some: fc.Arbitrary<One>): fc.Arbitrary<[One[], One[]]> =>
  fc
    .array(some, { maxLength: 8 })
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })));
