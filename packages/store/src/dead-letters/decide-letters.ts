import {
  AppError,
  type DeadLetterDecidedJson,
  type DeadLetterDecision,
  type DeadLetterDecisionRequest,
  type DeadLetterFilter,
  type DeadLetterStatus,
} from '@keyturn/contracts';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import { cells, LETTER_CELLS } from './letter-cells.ts';

/** How many dead letters one decision by filter is about at most; the rest is the next page's. */
const LETTERS_MAX = 10_000;
const becomes = { redrive: 'requested', discard: 'discarded' } as const;

/** A decision on letters, named or meant by a filter. */
export type DecideLetters = DeadLetterDecision & Pick<DeadLetterDecisionRequest, 'ids' | 'filter' | 'cursor'>;
type Found = { readonly deadLetterId: string; readonly status: DeadLetterStatus };

/** Decides on dead letters that are open, each once: of two decisions on one, the second is refused, by name. A redrive is a request, which the letter's
 *  own group works off; until it has, who names the letter may still discard it. Throws `dead_letter.not_found`, or `dead_letter.conflict` with all
 *  `refused`, where none of the named could be decided on. */
export function decideLetters(pool: pg.Pool, command: DecideLetters): Promise<DeadLetterDecidedJson> {
  const { decisionId, action, actor, reason, decidedAt, ids, filter = {} } = command;
  return transact(pool, async (tx) => {
    const found = ids === undefined ? await lockMeant(tx, filter, command.cursor) : await lockNamed(tx, ids);
    const awaits = ids !== undefined && action === 'discard' ? ['open', 'requested'] : ['open'];
    const due = found.filter(({ status }) => awaits.includes(status)).map(({ deadLetterId }) => deadLetterId);
    const refused = ids === undefined ? [] : refusedOf(ids, found, due);
    if (due.length === 0 && refused.length > 0) throw noneOf(refused);
    if (due.length > 0) await save(tx, command, due);
    const nextCursor = ids === undefined && found.length === LETTERS_MAX ? (found.at(-1)?.deadLetterId ?? null) : null;
    return { decisionId, action, actor, reason, decidedAt, decided: due.length, refused, nextCursor };
  });
}

/** In the order of their ids, as everybody who locks several. Waits for a redrive that has one of them in hand, and sees what it came to. */
async function lockNamed(tx: Tx, ids: readonly string[]): Promise<Found[]> {
  const { rows } = await tx.query<Found>(
    `select dead_letter_id as "deadLetterId", status from dead_letter where dead_letter_id = any($1::uuid[]) order by dead_letter_id for update`,
    [ids],
  );
  return rows;
}

async function lockMeant(tx: Tx, filter: DeadLetterFilter, cursor: string | undefined): Promise<Found[]> {
  const { rows } = await tx.query<Found>(
    `select dead_letter_id as "deadLetterId", status from dead_letter
     where dead_letter_id in (
       select dead_letter_id from ${LETTER_CELLS} cross join lateral (
         select d.dead_letter_id from dead_letter d
         where d.status = 'open' and d.group_id = g.group_id and d.code = c.code and d.dead_letter_id > $3
         order by d.dead_letter_id limit $4) l
       order by dead_letter_id limit $4)
     order by dead_letter_id for update`,
    [...cells(filter), cursor ?? '00000000-0000-0000-0000-000000000000', LETTERS_MAX],
  );
  return rows;
}

async function save(
  tx: Tx,
  { decisionId, action, actor, reason, decidedAt, filter }: DecideLetters,
  ids: readonly string[],
): Promise<void> {
  await tx.query(`update dead_letter set status = $2, decisions = decisions || $3::uuid where dead_letter_id = any($1::uuid[])`, [
    ids,
    becomes[action],
    decisionId,
  ]);
  await tx.query(
    `insert into dead_letter_decision (decision_id, action, actor, reason, filter, letters, decided_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [decisionId, action, actor, reason, filter === undefined ? null : JSON.stringify(filter), ids.length, decidedAt],
  );
}

type Refused = DeadLetterDecidedJson['refused'];
function refusedOf(ids: readonly string[], found: readonly Found[], due: readonly string[]): Refused {
  const statusOf = new Map(found.map(({ deadLetterId, status }) => [deadLetterId, status]));
  const taken = new Set(due);
  return [...new Set(ids)].flatMap((deadLetterId) =>
    taken.has(deadLetterId) ? [] : [{ deadLetterId, status: statusOf.get(deadLetterId) ?? 'not_found' }],
  );
}

function noneOf(refused: Refused): AppError {
  if (refused.every(({ status }) => status === 'not_found'))
    return new AppError(
      'dead_letter.not_found',
      'No dead letter has any of these ids. GET /v1/dead-letters lists them; they are kept for 30 days.',
      {
        detail: { refused },
      },
    );
  return new AppError(
    'dead_letter.conflict',
    'None of these dead letters is open, so there is nothing to decide: refused says what each is. One that is requested is read again shortly, or can be discarded; one that fails again is open again.',
    { detail: { refused } },
  );
}
