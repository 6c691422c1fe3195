import type { Evidence, IdentityView } from '@keyturn/contracts';
import { type Identifier, identifierParts } from '../directory/identifier.ts';
import { instantOf } from '../seconds.ts';
import { namedBy } from './covers.ts';
import { byText, factKey, type IdentityState, isMoment, type SeenFact } from './identity-state.ts';
import { knownUntilOf } from './known-until.ts';
import { blockedSince, isBlocked, type Standing, standing } from './standing.ts';

/** What everybody may know of who answers: blocked or not, the hashes, the evidence. Derived from the state alone, `version` apart. */
export function identityView(state: IdentityState, version: number): IdentityView {
  const now = standing(state);
  const { evidence, top } = now;
  const keyHashes = [...now.current].map(([phoneNumberId, keyHash]) => ({ phoneNumberId, keyHash }));
  keyHashes.sort((a, b) => byText(a.phoneNumberId, b.phoneNumberId));
  const since = blockedSince(now);
  return {
    status: isBlocked(now) ? 'blocked' : keyHashes.length > 0 ? 'clear' : 'unknown',
    keyHash: (top ? top.hash : keyHashes[0]?.keyHash) ?? null,
    keyHashes,
    version,
    blockedAt: since === undefined ? null : instantOf(since),
    evidence: evidence
      .toSorted((a, b) => a.at - b.at || a.last - b.last || byText(factKey(a), factKey(b)))
      .map((fact) => toEvidence(fact, now)),
    ...(since === undefined ? {} : { knownUntil: instantsIn(knownUntilOf(state, now)) }),
  };
}

/** What there is to tell of the change from one state to another; `other`: what is known of hashes. Times alone are nothing to tell. */
export function changeOf(before: IdentityState, after: IdentityState): 'identity.blocked' | 'identity.evidence_changed' | 'other' | 'none' {
  const [was, is] = [standing(before), standing(after)];
  if (isBlocked(is) && !isBlocked(was)) return 'identity.blocked';
  const same = toAcknowledge(was) === toAcknowledge(is);
  const knownStay = [...was.current].every(([on, hash]) => is.current.get(on) === hash);
  if (isBlocked(is) && !(same && knownStay)) return 'identity.evidence_changed';
  return same && knownStay && was.current.size === is.current.size ? 'none' : 'other';
}
const toAcknowledge = ({ evidence, top }: Standing) => JSON.stringify([top?.hash, evidence.map(factKey).sort(byText)]);

const instantsIn = (instants: ReadonlyMap<string, number>) =>
  [...instants]
    .map(([phoneNumberId, at]) => ({ phoneNumberId, at: instantOf(at) }))
    .sort((a, b) => byText(a.phoneNumberId, b.phoneNumberId));

function toEvidence(fact: SeenFact, { baseline }: Standing): Evidence {
  return {
    kind: kindOf(fact),
    keyHash: fact.hash ?? null,
    identifier: fact.as === null ? null : identifierParts(fact.as),
    phoneNumberId: fact.on === '' ? null : fact.on,
    firstAt: instantOf(fact.at),
    lastAt: instantOf(fact.last),
    detail: detailOf(fact),
    code: fact.signal === undefined && baseline.get(fact.on) === fact.hash ? 'known_key_hash' : codes[kindOf(fact)],
    eventId: fact.by ?? null,
  };
}
const codes = {
  ...{ hash: 'other_key_hash', mismatch: 'send_refused', legacy: 'registered_anew', number_change: 'number_changed' },
  ...{ number_lost: 'number_taken_over', bsuid: 'ids_disagree', undecided: 'event_not_decided' },
} as const satisfies Record<Evidence['kind'], Evidence['code']>;
const kindOf = ({ signal }: SeenFact) => (signal === undefined ? 'hash' : (signal.slice(0, signal.indexOf(':')) as Evidence['kind']));

/** The wamid of a failed send, the event that was not understood, when a legacy hash was made, whom the directory names. */
function detailOf(fact: SeenFact): string | null {
  if (fact.signal === undefined) return null;
  const rest = fact.signal.slice(fact.signal.indexOf(':') + 1);
  if (fact.as === null)
    return (
      namedBy(fact.signal)
        .map((identifier) => identifierParts(identifier as Identifier).value)
        .join(' > ') || rest
    );
  if (!fact.signal.startsWith('legacy:') || isMoment(fact)) return rest.replace(/^@/, '');
  return rest.slice((fact.hash ?? '').length + 1) || null;
}
