import { expect, it } from '@jest/globals';
import type { VerificationAnswer } from '@keyturn/contracts';
import { type Answerable, answerTo } from './answer-to.ts';

const UNTIL = '2026-03-01T00:00:00.000Z';
const BEFORE = Date.parse(UNTIL) - 1;
const proof = { method: 'app', reference: 'case-1', by: 'bank app' };
const request = (more: Partial<Answerable> = {}): Answerable => ({
  status: 'delivered',
  validUntil: UNTIL,
  verdicts: ['same_person'],
  answer: null,
  ...more,
});
const answer = (verdict: VerificationAnswer['verdict'], more: Partial<VerificationAnswer> = {}): VerificationAnswer => ({
  verdict,
  proof,
  ...more,
});
const answered = request({ status: 'answered', answer: answer('same_person', { note: 'n' }) });

it.each<[string, Answerable, VerificationAnswer, number, ReturnType<typeof answerTo>]>([
  ['what the rule takes is decided', request(), answer('same_person'), BEFORE, { kind: 'decide', verdict: 'same_person' }],
  [
    'also before the endpoint has said that it took it',
    request({ status: 'waiting' }),
    answer('same_person'),
    BEFORE,
    { kind: 'decide', verdict: 'same_person' },
  ],
  ['what it does not take is not', request(), answer('different_person'), BEFORE, { kind: 'forbidden' }],
  ['not to know is always an answer, and decides nothing', request({ verdicts: [] }), answer('not_verified'), BEFORE, { kind: 'close' }],
  ['at its end it is too late', request(), answer('same_person'), BEFORE + 1, { kind: 'conflict', reason: 'expired' }],
  ['for not to know, too', request(), answer('not_verified'), BEFORE + 1, { kind: 'conflict', reason: 'expired' }],
  ['expired stays expired', request({ status: 'expired' }), answer('same_person'), BEFORE, { kind: 'conflict', reason: 'expired' }],
  [
    'superseded outranks too late',
    request({ status: 'superseded' }),
    answer('same_person'),
    BEFORE + 1,
    { kind: 'conflict', reason: 'superseded' },
  ],
  ['the same answer is a repetition, however late', answered, answer('same_person', { note: 'n' }), BEFORE + 9, { kind: 'repeat' }],
  ['another verdict is not', answered, answer('not_verified', { note: 'n' }), BEFORE, { kind: 'conflict', reason: 'answered' }],
  ['nor another note', answered, answer('same_person'), BEFORE, { kind: 'conflict', reason: 'answered' }],
  ...(['method', 'reference', 'by'] as const).map(
    (field): [string, Answerable, VerificationAnswer, number, ReturnType<typeof answerTo>] => [
      `nor another ${field}`,
      answered,
      answer('same_person', { note: 'n', proof: { ...proof, [field]: 'x' } }),
      BEFORE,
      { kind: 'conflict', reason: 'answered' },
    ],
  ),
])('%s', (_guarantee, about, given, nowMs, expected) => expect(answerTo(about, given, nowMs)).toEqual(expected));
