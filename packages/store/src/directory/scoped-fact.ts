import type { Cause, PersonIds } from '@keyturn/contracts';
import { bsuidNamespace, type Carried, carriedBy, type DirectoryFact, type Identifier } from '@keyturn/domain';
import type { Along } from '../outbox.ts';

/** What an event says of who is who. Claims (shared cards, history) and flagged events say nothing, and never come here. */
export type ToResolve = {
  readonly wabaId: string;
  /** The number of ours that it came to. */
  readonly phoneNumberId?: string;
  readonly fact:
    | { readonly type: 'item'; readonly ids: PersonIds; readonly at: number }
    | { readonly type: 'report'; readonly previous: PersonIds; readonly current: PersonIds; readonly at: number };
  readonly cause: Cause;
  readonly occurredAt: string;
  readonly along?: Along;
};

/** A fact of one scope, and the point at which it asks who that is: an item's head, the new head of a report. */
export type FactInScope = {
  readonly scope: string;
  readonly fact: DirectoryFact;
  readonly as: Identifier;
  readonly at: number;
  readonly cause: Cause;
  readonly occurredAt: string;
  readonly along?: Along;
};
/** Such a fact as an event brought it. */
export type ScopedFact = FactInScope & { readonly wabaId: string };

/** The fact in the directory's own identifiers; null where it names nobody. A report that names one side only is a sighting of that side. */
export function scopedFact({ wabaId, fact, cause, occurredAt, along = {} }: ToResolve, scope: string): ScopedFact | null {
  const namespace = bsuidNamespace(scope, wabaId);
  const about = { scope, wabaId, at: fact.at, cause, occurredAt, along };
  const item = (carried: Carried | null): ScopedFact | null =>
    carried && { ...about, fact: { type: 'item', carried, at: fact.at }, as: carried[0] };
  if (fact.type === 'item') return item(carriedBy(fact.ids, namespace));
  const [previous, current] = [carriedBy(fact.previous, namespace), carriedBy(fact.current, namespace)];
  if (previous === null || current === null) return item(current ?? previous);
  return { ...about, fact: { type: 'report', previous, current, at: fact.at }, as: current[0] };
}
