import type { Verdict, VerificationAnswer, VerificationStatus } from '@keyturn/contracts';

/** A request as far as an answer to it is judged. */
export type Answerable = {
  readonly status: VerificationStatus;
  readonly validUntil: string;
  readonly verdicts: readonly Verdict[];
  readonly answer: VerificationAnswer | null;
};
/** What an answer comes to. `repeat`: it is the answer there is. `conflict`: another one is, or it comes too late. `forbidden`: the rule does not let the
 *  business decide that. */
export type Answering =
  | { readonly kind: 'decide'; readonly verdict: Verdict }
  | { readonly kind: 'close' | 'repeat' | 'forbidden' }
  | { readonly kind: 'conflict'; readonly reason: 'answered' | 'superseded' | 'expired' };

/** Judges an answer by the request alone; whether the block is still what it was is judged by whoever decides on it. One answer counts: the same once
 *  more comes to the same, another one to nothing. */
export function answerTo(request: Answerable, answer: VerificationAnswer, nowMs: number): Answering {
  const { status, verdicts } = request;
  if (status === 'answered') return sameAnswer(request.answer, answer) ? { kind: 'repeat' } : { kind: 'conflict', reason: 'answered' };
  if (status === 'superseded') return { kind: 'conflict', reason: 'superseded' };
  if (status === 'expired' || nowMs >= Date.parse(request.validUntil)) return { kind: 'conflict', reason: 'expired' };
  if (answer.verdict === 'not_verified') return { kind: 'close' };
  return verdicts.includes(answer.verdict) ? { kind: 'decide', verdict: answer.verdict } : { kind: 'forbidden' };
}

const sameAnswer = (a: VerificationAnswer | null, b: VerificationAnswer): boolean =>
  a !== null &&
  a.verdict === b.verdict &&
  a.note === b.note &&
  a.proof.method === b.proof.method &&
  a.proof.reference === b.proof.reference &&
  a.proof.by === b.proof.by;
