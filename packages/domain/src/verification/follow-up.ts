import type { VerificationRule, VerificationStatus } from '@keyturn/contracts';
import { ruleFor, type Verifiable } from './rule-for.ts';

/** The newest request about a contact, as far as it matters for the next one. */
export type LastRequest = {
  readonly version: number;
  readonly status: VerificationStatus;
  readonly attempts: number;
  readonly nextAttemptAt: number;
};
/** What follows for a contact: `supersede` the request that is open, and `ask` anew by a rule, at an instant (milliseconds). */
export type FollowUp = {
  readonly supersede: boolean;
  readonly ask: { readonly rule: VerificationRule; readonly at: number } | null;
};

/** Between two requests about one person: a person whose evidence changes by the second must not fill an endpoint, or somebody's telephone. */
const ASK_AGAIN_MS = 60_000;
const isOpen = ({ status }: Pick<LastRequest, 'status'>): boolean => status === 'waiting' || status === 'delivered';

/** What follows from a change of who answers. Of each version of a block the business is asked once at most, and never about two versions at a time: what
 *  is newer supersedes what is open, whatever it is. `now`: the block; null: there is none. Looked at again, nothing more follows. */
export function followUp(
  last: LastRequest | undefined,
  now: Verifiable | null,
  rules: readonly VerificationRule[],
  nowMs: number,
): FollowUp {
  if (now !== null && last?.version === now.identity.version) return { supersede: false, ask: null };
  const rule = now === null ? undefined : ruleFor(rules, now);
  const supersede = last !== undefined && isOpen(last);
  return { supersede, ask: rule === undefined ? null : { rule, at: askAt(last, nowMs) } };
}

/** The next one takes the place of one that was never sent; after one that was, it waits. */
function askAt(last: LastRequest | undefined, nowMs: number): number {
  if (last === undefined || !isOpen(last)) return nowMs;
  return last.attempts === 0 ? Math.max(nowMs, last.nextAttemptAt) : nowMs + ASK_AGAIN_MS;
}
