import { checkView, type Subject, type SubjectState, unknownSubject } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** What a subject is called in a map. */
export const keyOf = ({ kind, id }: Subject): string => `${kind} ${id}`;

type Row = Subject & { state: SubjectState };

/** Makes the rows that are missing, then locks and reads all in one order, so that two transactions never wait for each other. */
export async function loadSubjects(tx: Tx, subjects: readonly Subject[]): Promise<Map<string, SubjectState>> {
  if (subjects.length === 0) return new Map();
  const values = [subjects.map(({ kind }) => kind), subjects.map(({ id }) => id)];
  await tx.query({
    name: 'account.create',
    text: `insert into account_state (kind, id, state) select kind, id, $3::jsonb from unnest($1::text[], $2::text[]) as s(kind, id)
           where not exists (select from account_state a where a.kind = s.kind and a.id = s.id) order by kind, id on conflict do nothing`,
    values: [...values, JSON.stringify(unknownSubject)],
  });
  const { rows } = await tx.query<Row>({
    name: 'account.load',
    text: `select kind, id, state from account_state join unnest($1::text[], $2::text[]) as s(kind, id) using (kind, id)
           order by kind, id for update of account_state`,
    values,
  });
  return new Map(rows.map(({ kind, id, state }) => [keyOf({ kind, id }), state]));
}

/** Saves what these locked rows have become. */
export async function saveSubjects(tx: Tx, changed: readonly (Subject & { state: SubjectState })[], recordedAt: Date): Promise<void> {
  if (changed.length === 0) return;
  const registers = changed.map(({ state }) => state.registers as { waba?: Named; named?: Named; display?: Named });
  const checks = changed.map(({ kind, state }) => (kind === 'number' ? checkView(state) : null));
  await tx.query({
    name: 'account.save',
    text: `update account_state a set state = c.state, waba_id = c.waba_id, display_number = c.display_number, identity_check = c.identity_check,
             last_message_at = c.last_message_at, updated_at = $8
           from unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
             as c(kind, id, state, waba_id, display_number, identity_check, last_message_at)
           where a.kind = c.kind and a.id = c.id`,
    values: [
      changed.map(({ kind }) => kind),
      changed.map(({ id }) => id),
      changed.map(({ state }) => JSON.stringify(state)),
      registers.map(({ waba, named }) => (waba ?? named)?.value.wabaId ?? null),
      changed.map(({ kind, id }, i) => (kind === 'display' ? id : (registers[i]?.display?.value.displayNumber ?? null))),
      checks.map((check) => check?.status ?? null),
      checks.map((check) => check?.lastMessageAt ?? null),
      recordedAt,
    ],
  });
}
type Named = { value: { wabaId?: string; displayNumber?: string } };
