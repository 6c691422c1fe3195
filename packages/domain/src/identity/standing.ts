import { covers } from './covers.ts';
import { byText, factKey, type IdentityDecision, type IdentityState, isRefusal, type SeenFact } from './identity-state.ts';

/** What follows from all that was said and decided. */
export type Standing = {
  /** What no decision covers, newest first. */
  readonly open: readonly SeenFact[];
  /** What speaks for another holder, newest first: signals, and all hashes of a number that has more than one, or that first came after a send there was
   *  refused: the new one, now known. Not empty: blocked. */
  readonly evidence: readonly SeenFact[];
  /** The evidence that an acknowledgement names: a second hash before a signal, and a signal with a hash before one without. */
  readonly top: SeenFact | undefined;
  /** Per number of ours, every hash accepted or open. Nothing says that two of our numbers see the same hash. */
  readonly hashes: ReadonlyMap<string, readonly string[]>;
  /** Per number of ours, the hash said last, else the accepted one. */
  readonly current: ReadonlyMap<string, string>;
  /** Per number of ours, the hash that is the known holder's: the accepted one, else the one said first. */
  readonly baseline: ReadonlyMap<string, string>;
  /** The evidence but for the baseline. */
  readonly news: readonly SeenFact[];
};

/** The same answers, whatever the order of what was said and how often. */
export function standing(state: IdentityState): Standing {
  const plain = hashesAlone(state);
  return plain !== null && isOneEach(plain) ? quiet(state, plain) : derived(state);
}

/** Per number of ours every hash, where nothing but hashes was said and nobody has decided; else null. */
export function hashesAlone({ seen, decisions }: IdentityState): ReadonlyMap<string, readonly string[]> | null {
  for (const _ in decisions) return null;
  const hashes = new Map<string, string[]>();
  for (const key in seen) {
    const fact = seen[key];
    if (fact === undefined || !isHash(fact)) return null;
    const known = hashes.get(fact.on);
    if (known === undefined) hashes.set(fact.on, [fact.hash]);
    else if (!known.includes(fact.hash)) known.push(fact.hash);
  }
  return hashes;
}

/** Whether no number of ours has seen more than one hash. */
export function isOneEach(hashes: ReadonlyMap<string, readonly string[]>): boolean {
  for (const own of hashes.values()) if (own.length > 1) return false;
  return true;
}

/** What follows where each number has seen one hash, as of nearly everybody: nothing, and that in a fraction of the time. */
function quiet({ seen }: IdentityState, hashes: Standing['hashes']): Standing {
  const only = new Map<string, string>();
  for (const [on, [hash]] of hashes) if (hash !== undefined) only.set(on, hash);
  return { open: Object.values(seen).sort(newestFirst), evidence: [], top: undefined, hashes, current: only, baseline: only, news: [] };
}

/** The same of any state. */
export function derived(state: IdentityState): Standing {
  const decisions = Object.values(state.decisions);
  const open = Object.values(state.seen)
    .filter((fact) => !decisions.some((decision) => covers(decision, fact)))
    .sort(newestFirst);
  const said = open.filter(isHash);
  const numbers = new Set([...decisions.flatMap(({ accepted }) => Object.keys(accepted)), ...said.map(({ on }) => on)]);
  const accepted = new Map([...numbers].map((on) => [on, acceptedOn(state.decisions, on)]));
  const on = (number: string) => said.filter((fact) => fact.on === number).map(({ hash }) => hash);
  const hashes = new Map([...accepted].map(([number, known]) => [number, [...new Set([...known, ...on(number)])]]));
  const refusals = open.filter(isRefusal);
  const cameAfterRefusal = ({ on, hash }: SeenFact) => {
    const first = Math.min(...said.filter((fact) => fact.on === on && fact.hash === hash).map(({ at }) => at));
    return !(accepted.get(on) ?? []).includes(hash ?? '') && refusals.some((refusal) => refusal.on === on && refusal.at <= first);
  };
  const evidence = open.filter((fact) => !isHash(fact) || (hashes.get(fact.on)?.length ?? 0) > 1 || cameAfterRefusal(fact));
  const first = (number: string) => firstSaid(said.filter((fact) => fact.on === number));
  const baseline = new Map([...accepted].flatMap(([number, known]) => one(number, known[0] ?? first(number))));
  const news = evidence.filter((fact) => !isHash(fact) || fact.hash !== baseline.get(fact.on));
  return {
    open,
    evidence,
    top: evidence.find(isHash) ?? evidence.find(({ hash }) => hash !== undefined) ?? evidence[0],
    hashes,
    current: new Map([...hashes.keys()].flatMap((number) => one(number, on(number)[0] ?? accepted.get(number)?.[0]))),
    baseline,
    news: news.length > 0 ? news : evidence,
  };
}

/** A hash said as such; a legacy block names one too, but is a signal. */
const isHash = (fact: SeenFact): fact is SeenFact & { hash: string } => fact.signal === undefined && fact.hash !== undefined;
/** Whether somebody has to decide before anything is sent. */
export const isBlocked = ({ evidence }: Standing): boolean => evidence.length > 0;
/** The first instant at which anything but the baseline was said; undefined: nothing was. */
export const blockedSince = ({ news }: Standing): number | undefined =>
  news.length > 0 ? Math.min(...news.map(({ at }) => at)) : undefined;

/** Total, since whole seconds tie all the time. */
const newestFirst = (a: SeenFact, b: SeenFact) => b.last - a.last || byText(factKey(b), factKey(a));
const firstSaid = (facts: readonly (SeenFact & { hash: string })[]) =>
  facts.toSorted((a, b) => a.at - b.at || byText(a.hash, b.hash))[0]?.hash;
/** The accepted hashes of a number, that of the latest decision first. More than one only after a merge. */
function acceptedOn(decisions: IdentityState['decisions'], on: string): string[] {
  const asOf = (decision: IdentityDecision) => decision.asOf[on] ?? Number.NEGATIVE_INFINITY;
  const latestFirst = Object.entries(decisions).sort(
    ([a, x], [b, y]) => Number(asOf(x) < asOf(y)) - Number(asOf(x) > asOf(y)) || byText(b, a),
  );
  return latestFirst.map(([, decision]) => decision.accepted[on]).filter((hash) => typeof hash === 'string');
}
const one = <Value>(key: string, value: Value | undefined): [string, Value][] => (value === undefined ? [] : [[key, value]]);
