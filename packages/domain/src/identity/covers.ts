import { type IdentityDecision, isMoment, isRefusal, type SeenFact, what } from './identity-state.ts';

/** Whether a decision has seen this, or something newer on the same number of ours. Anything unseen of that newest second is not covered. */
export function covers(decision: IdentityDecision, fact: SeenFact): boolean {
  const asOf = decision.asOf[fact.on] ?? Number.NEGATIVE_INFINITY;
  const lasting = fact.signal !== undefined && !isMoment(fact);
  if (fact.as === null) return decision.saw.includes(what(fact)) || (fact.last < asOf && knew(decision, what(fact)));
  if (!decision.of.includes(fact.as)) return false;
  if (fact.last < asOf || (isRefusal(fact) && isOldSend(decision, fact))) return true;
  if (lasting) return decision.saw.includes(what(fact));
  return (isMoment(fact) || fact.last === asOf) && (decision.sawThen[fact.on] ?? []).includes(what(fact));
}
/** Whether a refusal says of itself that it tells nothing that a decision on this number did not know, however late the send fails: the send carried a
 *  hash that the decision has replaced, or had been replaced until then; or the status says which hash the person has, and that is told as a hash of its own. Where it says
 *  neither, nobody can know under which hash it was sent, and it counts. */
function isOldSend({ asOf, replaced = {}, renewed = {} }: IdentityDecision, { on, hash, under, last }: SeenFact): boolean {
  if (hash !== undefined && on in asOf) return true;
  const old = [...(replaced[on] ?? []), ...(last === asOf[on] ? (renewed[on] ?? []) : [])];
  return under !== undefined && old.includes(under);
}

/** A signal of the directory is history only to whoever knew all that it names: after a merge, one side's decision is not the other's. */
function knew({ of }: IdentityDecision, signal: string): boolean {
  const named = namedBy(signal);
  return named.length > 0 && named.every((identifier) => (of as readonly string[]).includes(identifier));
}

/** The identifiers that a signal of the directory names: `kind:<identifier>[><identifier>][@<instant>]`. */
export const namedBy = (signal: string): string[] =>
  signal
    .slice(signal.indexOf(':') + 1)
    .replace(/@-?\d+$/, '')
    .split('>')
    .filter((identifier) => /^[wup]:/.test(identifier));
