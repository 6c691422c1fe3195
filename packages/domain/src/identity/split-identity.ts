import { apply, type Decision, skip } from '../decision.ts';
import type { Carried, Identifier } from '../directory/identifier.ts';
import type { Holding, Stored, Whereabouts } from '../slice.ts';
import { type Acknowledge, recordOf, refusal, settlementOf } from './acknowledge.ts';
import { covers } from './covers.ts';
import { deal, pieces, type Rows } from './deal.ts';
import { byText, type IdentityState, nothingSeen, type SeenFact, unite } from './identity-state.ts';
import type { IdentityTold } from './identity-told.ts';
import { changeOf } from './identity-view.ts';
import { regroupIdentity } from './regroup-identity.ts';
import { decisionOn } from './release.ts';
import { blockedSince, standing } from './standing.ts';

/** From when on these identifiers are somebody else's, the head first. Null: not blocked, or nothing is left that could be taken away. */
export function splitOf({ state, holdings }: Stored<IdentityState>): { readonly at: number; readonly identifiers: Carried } | null {
  const now = standing(state);
  const at = blockedSince(now);
  if (at === undefined) return null;
  const came = now.news.flatMap(({ as }) => as ?? []).sort(byText);
  const number = numberAt(holdings, at) ?? presentOf(holdings, 'w:') ?? came.find(isNumber);
  const others = [...new Set(came.filter((identifier) => !isNumber(identifier)))].sort(bsuidFirst);
  const rest = others.length > 0 ? others : [presentOf(holdings, 'u:') ?? presentOf(holdings, 'p:')].filter((id) => id !== undefined);
  const [head, ...more] = number === undefined ? rest : [number, ...others];
  return head === undefined ? null : { at, identifiers: [head, ...more] };
}
const isNumber = (identifier: Identifier) => identifier.startsWith('w:');
const bsuidFirst = (a: Identifier, b: Identifier) => byText(b[0] ?? '', a[0] ?? '') || byText(a, b);
/** The number held at that instant: those that came after it follow by their changes. */
const numberAt = (holdings: readonly Holding[], at: number) =>
  holdings.find(({ identifier, from, to }) => isNumber(identifier) && from <= at && at < to)?.identifier;
const presentOf = (holdings: readonly Holding[], kind: string) =>
  holdings.find(({ identifier, to }) => identifier.startsWith(kind) && to === Number.POSITIVE_INFINITY)?.identifier;

/** Somebody else: after the directory was split, what was said from then on is the new contact's baseline, and on both sides all that was
 *  seen is covered. Blocked afterwards is only who has evidence that nobody saw. Refused like any acknowledgement. */
export function decideDifferent(
  rows: Rows,
  where: Whereabouts,
  oldContactId: string,
  newContactId: string,
  command: Acknowledge,
): ReadonlyMap<string, Decision<IdentityState, IdentityTold>> {
  const old = rows.get(oldContactId);
  const refused = old ? refusal(old, command) : 'not_blocked';
  if (!old || refused !== undefined) return new Map([[oldContactId, skip(refused ?? 'not_blocked')]]);
  const dealt = deal(rows, where);
  const { open, hashes } = standing(old.state);
  const earlier = Object.values(old.state.decisions); // what was decided before stays history on both sides
  const side = (contactId: string, decisionId: string, expected: 'baseline' | 'current'): IdentityState => {
    const { seen, decisions } = dealt.get(contactId) ?? nothingSeen;
    const facts = open.flatMap((fact) => seenOn(fact, contactId, oldContactId, rows, where));
    const accepted = Object.fromEntries(standing({ seen: unite(facts), decisions })[expected]);
    const settlement = settlementOf(command, contactId, where.who.get(contactId)?.holdings ?? []);
    const decision = decisionOn(facts, earlier, settlement, { accepted, hashes });
    const left = Object.entries(seen).filter(([, fact]) => fact.as === null || !covers(decision, fact));
    return { seen: Object.fromEntries(left), decisions: { [decisionId]: decision } };
  };
  const stays = side(oldContactId, command.decisionId, 'baseline');
  const goes = side(newContactId, `${command.decisionId}:new`, 'current');
  const blocked = changeOf(nothingSeen, goes) === 'identity.blocked';
  return new Map([
    ...regroupIdentity(rows, where),
    [oldContactId, apply(stays, { type: 'identity.acknowledged', fields: { decision: recordOf(command, newContactId) } })],
    [newContactId, apply(goes, { type: blocked ? 'identity.blocked' : 'identity.regrouped' })],
  ]);
}

/** What the operator saw, as far as it is on this side now. What the directory says was seen for both. */
function seenOn(fact: SeenFact, contactId: string, oldContactId: string, rows: Rows, where: Whereabouts): SeenFact[] {
  if (fact.as === null) return [fact];
  const holds = (holder: string | null) => (holder !== null && rows.has(holder) ? holder : oldContactId) === contactId;
  return pieces(fact, where)
    .filter(({ holder }) => holds(holder))
    .map((piece) => piece.fact);
}
