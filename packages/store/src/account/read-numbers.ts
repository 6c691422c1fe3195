import type { AccountEntryJson, CoverageDayJson, PhoneNumberDetailJson, PhoneNumberJson } from '@keyturn/contracts';
import { countOf, numberView, type SubjectKind, type SubjectState, unknownSubject } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { gateDaysOf } from '../gate-journal/gate-days.ts';
import { sampleOf } from './account-days.ts';
import { readCourse } from './read-course.ts';

const HISTORY_MAX = 100;
const COVERAGE_DAYS = 30;

/** Where a page of numbers ended. */
export type NumberPlace = { readonly kind: 'number' | 'display'; readonly id: string };
type Row = NumberPlace & {
  display_number: string | null;
  state: SubjectState;
  by_display: SubjectState | null;
  account: SubjectState | null;
};

/** What is said of a number, beside what is said of it by the number itself and of its account. One that the platform named by the number alone stands
 *  for itself, unless a number that is known by its id is that one. */
const NUMBERS = `select a.kind, a.id, a.display_number, a.state, d.state as by_display, w.state as account
  from account_state a
  left join account_state d on a.kind = 'number' and d.kind = 'display' and d.id = a.display_number
  left join account_state w on w.kind = 'waba' and w.id = coalesce(a.waba_id, d.waba_id)
  where (a.kind = 'number' or a.kind = 'display' and not exists (
    select from account_state n where n.kind = 'number' and n.display_number = a.id))`;

/** The numbers of ours that were ever heard of, from after a place on (null: from the start). As many as asked for, unless there are no more. */
export async function listNumbers(
  tx: Tx,
  limit: number,
  after: NumberPlace | null,
  now: Date,
): Promise<(PhoneNumberJson & { place: NumberPlace })[]> {
  const { rows } = await tx.query<Row>({
    name: after === null ? 'account.numbers' : 'account.numbers-after',
    text: `${NUMBERS} ${after === null ? '' : 'and (a.kind, a.id) < ($2, $3)'} order by a.kind desc, a.id desc limit $1`,
    values: after === null ? [limit] : [limit, after.kind, after.id],
  });
  return rows.map((row) => ({ place: { kind: row.kind, id: row.id }, ...numberOf(row, now) }));
}

/** One number, with what was said of it and the days on which somebody wrote; null: none is known by this id. */
export async function readNumber(tx: Tx, phoneNumberId: string, now: Date): Promise<PhoneNumberDetailJson | null> {
  const { rows } = await tx.query<Row>({
    name: 'account.number',
    text: `${NUMBERS} and a.kind = 'number' and a.id = $1`,
    values: [phoneNumberId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const number = numberOf(row, now);
  return {
    ...number,
    history: await historyOf(tx, number),
    coverage: await readCoverage(tx, phoneNumberId, now),
    gate: await gateDaysOf(tx, phoneNumberId, now),
    course: await readCourse(tx, number),
  };
}

/** What numbers of ours are called, by the ids of them that are known: the platform's, or the number itself where it named no more. */
export async function namesOfNumbers(
  tx: Tx,
  ids: readonly string[],
  now: Date,
): Promise<{ id: string; number: string | null; name: string | null }[]> {
  const { rows } = await tx.query<Row>({
    name: 'account.names',
    text: `${NUMBERS} and a.id = any($1::text[]) order by a.id`,
    values: [ids],
  });
  return rows.map((row) => {
    const { displayNumber, verifiedName } = numberOf(row, now);
    return { id: row.id, number: displayNumber, name: verifiedName };
  });
}

function numberOf({ kind, id, display_number, state, by_display, account }: Row, now: Date): PhoneNumberJson {
  const known = { byId: state, byDisplay: by_display ?? unknownSubject, account };
  if (kind === 'number') return numberView(id, display_number, known, now);
  return numberView(null, id, { ...known, byId: unknownSubject, byDisplay: state }, now);
}

type EntryRow = {
  kind: SubjectKind;
  event_id: string;
  type: string;
  detail: Record<string, unknown>;
  occurred_at: Date | null;
  recorded_at: Date;
};
const about = { number: 'number', display: 'number', waba: 'account', template: 'template' } as const;

/** Read by each of its names and by its account, the newest of each, and of these the newest. */
async function historyOf(tx: Tx, { phoneNumberId, displayNumber, wabaId }: PhoneNumberJson): Promise<AccountEntryJson[]> {
  const { rows } = await tx.query<EntryRow>({
    name: 'account.history',
    text: `select e.* from unnest($1::text[], $2::text[]) as s(kind, id) cross join lateral (
             select kind, event_id, type, detail, occurred_at, recorded_at from account_entry
             where kind = s.kind and id = s.id order by recorded_at desc, event_id desc limit $3) e
           order by coalesce(e.occurred_at, e.recorded_at) desc, e.event_id desc limit $3`,
    values: [['number', 'display', 'waba'], [phoneNumberId, displayNumber, wabaId], HISTORY_MAX],
  });
  return rows.map(({ kind, event_id, type, detail, occurred_at, recorded_at }) => ({
    ...{ eventId: event_id, about: about[kind], type, detail },
    ...{ occurredAt: occurred_at?.toISOString() ?? null, recordedAt: recorded_at.toISOString() },
  }));
}

/** The days of the last 30 on which somebody wrote to a number, newest first. */
export async function readCoverage(tx: Tx, phoneNumberId: string, now: Date): Promise<CoverageDayJson[]> {
  const { rows } = await tx.query<{ day: string; sample: Buffer }>({
    name: 'account.coverage',
    text: `select day::text, sample from account_day where phone_number_id = $1 and day > $2::date - $3::int and day <= $2::date + 1
           order by day desc limit $3`,
    values: [phoneNumberId, now.toISOString().slice(0, 10), COVERAGE_DAYS],
  });
  return rows.map(({ day, sample }) => {
    const { messages, withHash, exact } = countOf(sampleOf(sample));
    return { day, messages, withHash, share: messages === 0 ? 0 : withHash / messages, exact };
  });
}

/** How many numbers to which somebody wrote in the last seven days stand how with the identity check. */
export async function countChecks(tx: Tx, now: Date): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ identity_check: string; numbers: number }>({
    name: 'account.checks',
    text: `select identity_check, count(*)::int as numbers from account_state
           where kind = 'number' and identity_check is not null and last_message_at > $1::timestamptz - interval '7 days' group by 1`,
    values: [now],
  });
  return new Map(rows.map(({ identity_check, numbers }) => [identity_check, numbers]));
}
