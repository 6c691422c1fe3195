import {
  type AcknowledgementJson,
  AppError,
  type Verdict,
  type VerificationAnswer,
  type VerificationAnsweredJson,
} from '@keyturn/contracts';
import { type Answerable, answerTo, identitySlice } from '@keyturn/domain';
import { recordAudit } from '../audit/audit.ts';
import { type Tx, transact } from '../database.ts';
import { decide } from '../decide/decide.ts';
import { changedMeanwhile, type DecideShell } from '../decide/decision-parts.ts';
import { readIdentity } from '../queries/read-identity.ts';
import { survivorOf } from '../queries/survivor-of.ts';
import { dueForQueue } from '../queue/due.ts';

/** What an answer needs from the world. `decisionId`: of the decision, if it comes to one. */
export type AnswerShell = Omit<DecideShell, 'along'> & { readonly now: Date; readonly decisionId: string };
type Request = Answerable & {
  readonly requestId: string;
  readonly contactId: string;
  readonly version: number;
  readonly keyHash: string | null;
  readonly rule: string;
  readonly endpoint: string;
  readonly result: VerificationAnsweredJson | null;
};

const LOOKS_MAX = 3;
const conflicts = {
  answered: 'This request was answered before, in another way. One answer counts.',
  superseded:
    'Something newer came in, or somebody else decided, so this request is over. If the person is blocked still, a new request follows where a rule says so.',
  expired: 'This request was to be answered by validUntil. The person waits for an operator.',
};

/** Takes the business's answer: what it decides and that it did commit together, through the door of every decision, or neither does. The same answer
 *  once more is answered the same. Throws `verification.not_found`; `verification.conflict` with the `reason` (`answered`, `superseded`, `expired`) or
 *  `identity.conflict` (`moved_on`, `not_blocked`, `nothing_to_split`), both with the present `identity`; `request.invalid` where the rule does not
 *  take the verdict. */
export async function answerVerification(
  shell: AnswerShell,
  requestId: string,
  answer: VerificationAnswer,
  look = 1,
): Promise<VerificationAnsweredJson> {
  const request = await readRequest(shell.pool, requestId);
  if (request === null) throw new AppError('verification.not_found', 'No request has this callback.');
  const judged = answerTo(request, answer, shell.now.getTime());
  switch (judged.kind) {
    case 'repeat':
      return request.result as VerificationAnsweredJson;
    case 'conflict':
      throw await conflict(shell.pool, request, judged.reason);
    case 'forbidden':
      throw new AppError(
        'request.invalid',
        `verdict: rule ${request.rule} takes ${[...request.verdicts, 'not_verified'].join(', ')}. An operator may decide otherwise.`,
      );
    default:
  }
  try {
    return await (judged.kind === 'decide' ? decideOn(shell, request, answer, judged.verdict) : closeUndecided(shell, request, answer));
  } catch (error) {
    const somebodyElse = error instanceof AppError && (error.code === 'identity.conflict' || error.code === 'store.conflict');
    const isOver = somebodyElse && look < LOOKS_MAX && (await readRequest(shell.pool, requestId))?.status !== request.status;
    if (isOver) return answerVerification(shell, requestId, answer, look + 1);
    throw error;
  }
}

async function decideOn(
  shell: AnswerShell,
  request: Request,
  answer: VerificationAnswer,
  verdict: Verdict,
): Promise<VerificationAnsweredJson> {
  const { keyHash, version, contactId } = request;
  const { decisionId, now } = shell;
  const { note, proof } = answer;
  const command = {
    ...{ decisionId, decidedAt: now.toISOString(), actor: actorOf(request), keyHash, version, verdict, proof },
    ...{ reason: `verified by the business: ${proof.method}`, ...(note === undefined ? {} : { note }) },
  };
  let result: VerificationAnsweredJson | undefined;
  const along = async (tx: Tx, made: AcknowledgementJson) => {
    if (made.contactId !== contactId && made.decision.newContactId !== contactId) throw await conflict(tx, request, 'superseded'); // merged since
    result = { ...answered(request, answer, now), decision: made.decision, identity: made.identity };
    await close(tx, request, answer, { result, decisionId });
  };
  await decide({ pool: shell.pool, newContactId: shell.newContactId, along }, contactId, command);
  return result as unknown as VerificationAnsweredJson;
}

async function closeUndecided(
  { pool, now, decisionId }: AnswerShell,
  request: Request,
  answer: VerificationAnswer,
): Promise<VerificationAnsweredJson> {
  const result = { ...answered(request, answer, now), decision: null, identity: await identityNow(pool, request) };
  await transact(pool, (tx) => close(tx, request, answer, { result, decisionId }));
  return result;
}

const actorOf = ({ endpoint, rule }: Pick<Request, 'endpoint' | 'rule'>): string => `verification:${endpoint}/${rule}`;

const answered = ({ requestId, contactId }: Request, { verdict }: VerificationAnswer, now: Date) => ({
  ...{ requestId, contactId, verdict, answeredAt: now.toISOString() },
});

/** Also writes down who answered. Throws `store.conflict` where the request is over meanwhile. */
async function close(
  tx: Tx,
  { requestId, contactId, endpoint, rule }: Request,
  answer: VerificationAnswer,
  { result, decisionId }: { readonly result: VerificationAnsweredJson; readonly decisionId: string },
): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'verification.answer',
    text: `update verification set status = 'answered', answer = $2, result = $3, answered_at = $4
           where request_id = $1 and status in ('waiting', 'delivered')`,
    values: [requestId, JSON.stringify(answer), JSON.stringify(result), result.answeredAt],
  });
  if (rowCount !== 1) throw changedMeanwhile();
  await dueForQueue(tx, [contactId]);
  const who = { actor: actorOf({ endpoint, rule }), action: 'answerVerification', subject: `contact:${contactId}` };
  await recordAudit(tx, { phase: 'done', requestId: decisionId, ...who, status: 200 }, new Date(result.answeredAt));
}

const conflict = async (tx: Tx, request: Request, reason: keyof typeof conflicts): Promise<AppError> =>
  new AppError('verification.conflict', conflicts[reason], { detail: { reason, identity: await identityNow(tx, request) } });

async function identityNow(tx: Tx, { contactId }: Request) {
  const { state, version } = await readIdentity(tx, (await survivorOf(tx, contactId))?.contactId ?? contactId);
  return identitySlice.view(state, version);
}

async function readRequest(tx: Tx, requestId: string): Promise<Request | null> {
  const { rows } = await tx.query<Request & { validUntil: Date }>({
    name: 'verification.read',
    text: `select request_id as "requestId", contact_id as "contactId", version, key_hash as "keyHash", rule, endpoint, verdicts, status,
             valid_until as "validUntil", answer, result
           from verification where request_id = $1`,
    values: [requestId],
  });
  return rows[0] === undefined ? null : { ...rows[0], validUntil: rows[0].validUntil.toISOString() };
}
