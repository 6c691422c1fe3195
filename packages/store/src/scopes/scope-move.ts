import { bsuidNamespace, type Carried, type Directory, type Identifier } from '@keyturn/domain';
import type { FactInScope } from '../directory/scoped-fact.ts';

/** A WABA's way from one scope to another, and who sends it there. */
export type ScopeMove = {
  readonly wabaId: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly reason: string;
  readonly now: Date;
  readonly newContactId: () => string;
};
type Way = Pick<ScopeMove, 'wabaId' | 'from' | 'to'>;

/** What identifiers begin with before and after, since a BSUID is compared within its portfolio. */
export const prefixesOf = ({ wabaId, from, to }: Way): readonly (readonly [was: string, is: string])[] =>
  ['u', 'p'].map((kind) => [`${kind}:${bsuidNamespace(from, wabaId)}:`, `${kind}:${bsuidNamespace(to, wabaId)}:`]);

/** The identifier as the other scope has it; null: it is another WABA's. Numbers are the same everywhere. */
export function rekeyed(way: Way, identifier: Identifier): Identifier | null {
  if (identifier.startsWith('w:')) return identifier;
  const [was, is] = prefixesOf(way).find(([prefix]) => identifier.startsWith(prefix)) ?? [];
  return was === undefined ? null : (`${is}${identifier.slice(was.length)}` as Identifier);
}

/** All that a directory knows, as the other scope is to be told it; what only other WABAs said is left out. */
export function rekeyedFacts(move: ScopeMove, { links, reports, splits }: Directory): FactInScope[] {
  const carriedBy = (identifiers: readonly Identifier[]): Carried | null => {
    const [head, ...others] = identifiers.flatMap((identifier) => rekeyed(move, identifier) ?? []);
    return head === undefined ? null : [head, ...others];
  };
  const about = {
    scope: move.to,
    cause: { actor: move.actor, reason: `WABA ${move.wabaId} moved from scope ${move.from}: ${move.reason}` },
    occurredAt: move.now.toISOString(),
  };
  const items = Object.values(links).flatMap(({ identifier, head, first, last }) => {
    const carried = carriedBy(identifier === head ? [head] : [head, identifier]);
    const whole = carried?.length === (identifier === head ? 1 : 2);
    return carried && whole ? [...new Set([first, last])].map((at) => ({ type: 'item' as const, carried, at })) : [];
  });
  const changes = Object.values(reports).flatMap((report) => {
    const [previous, current] = [carriedBy(report.previous), carriedBy(report.current)];
    return previous && current ? [{ type: 'report' as const, previous, current, at: report.at }] : [];
  });
  const parted = Object.values(splits).flatMap(({ carried, at }) => {
    const named = carriedBy(carried);
    return named ? [{ type: 'split' as const, carried: named, at }] : [];
  });
  return [
    ...[...items, ...parted].map((fact) => ({ ...about, fact, as: fact.carried[0], at: fact.at })),
    ...changes.map((fact) => ({ ...about, fact, as: fact.current[0], at: fact.at })),
  ];
}
