import type { InboundEvent } from '@keyturn/contracts';
import type { Decision } from './decision.ts';
import type { Identifier } from './directory/identifier.ts';

/** An inbound event with the answer to "who is this": the contact that held its head `as` at `at` (whole seconds since 1970). */
export type Resolved<Event extends InboundEvent = InboundEvent> = Event & {
  readonly contactId: string;
  readonly as: Identifier;
  readonly at: number;
};

/** What is known of an event that is lost: under which identifier, to which number of ours ('' for the directory), when. */
export type Lost = Pick<Resolved, 'id' | 'as' | 'at' | 'phoneNumberId'>;

/** An identifier that points at a contact with from ≤ at < to; seconds, open ends are ±Infinity. */
export type Holding = { readonly identifier: Identifier; readonly from: number; readonly to: number };
/** What the directory says of one contact now. */
export type Who = {
  readonly contactId: string;
  readonly scope: string;
  /** The survivor, where this one was merged. It then holds nothing. */
  readonly mergedInto: string | null;
  readonly holdings: readonly Holding[];
  readonly signals: readonly { readonly signal: string; readonly at: number }[];
};
/** What the directory says now of all contacts that a change of it concerns, and who held each of their identifiers when. */
export type Whereabouts = {
  readonly who: ReadonlyMap<string, Who>;
  readonly periods: ReadonlyMap<Identifier, readonly { readonly from: number; readonly to: number; readonly contactId: string | null }[]>;
};

/** A slice's row about one contact: its state, what it last told about the contact's identifiers, and how often it told anything. */
export type Stored<State> = {
  readonly state: State;
  readonly version: number;
  readonly holdings: readonly Holding[];
  readonly mergedInto: string | null;
};

/** What one thing told says of itself: its event type and the fields that its schema adds. */
export type Told = { readonly type: string; readonly fields?: Readonly<Record<string, unknown>> };

/** A slice of what is known about contacts, pure: all that its consumer decides. */
export type Slice<State, View, T extends Told> = {
  readonly name: 'contact' | 'identity' | 'consent';
  readonly empty: State;
  /** What everybody may know of it: the `before`, `after` and state record of its events. */
  view(state: State, version: number): View;
  /** Why an input decides nothing, whatever is stored of whomever it is about: exactly those that `decide` skips for a contact of whom nothing is
   *  stored (`empty`), for the same reason. Null: it may decide something. */
  idle(input: Resolved): string | null;
  decide(stored: Stored<State>, input: Resolved): Decision<State, T>;
  /** After an event that could not be decided on: what its loss means for the contact. Absent: nothing. */
  undecided?(stored: Stored<State>, lost: Lost): Decision<State, T>;
  /** Deals out what is kept under each identifier by who held it when, as the directory has it now, over all contacts concerned.
   *  Level-triggered: it needs no history of moves, so late, doubled and crossing directory events give the same answer.
   *  A contact that is not in the answer stays as it is. */
  regroup(stored: ReadonlyMap<string, Stored<State>>, where: Whereabouts): ReadonlyMap<string, Decision<State, T>>;
};

/** Whether the identifiers that a slice told last are those that the directory has now. */
export const sameHoldings = (a: readonly Holding[], b: readonly Holding[]): boolean =>
  a.length === b.length && a.every((one, i) => one.identifier === b[i]?.identifier && one.from === b[i]?.from && one.to === b[i]?.to);
