import { type Database, dueWhereMissed, sortInDue } from '@keyturn/store';
import { type FirstChange, loadCopies } from '../growth/load-contacts.ts';
import { changeOf, messageUnder } from '../load/bodies.ts';

/** The number of ours in all fixtures, and two others that are made of it. */
const NUMBER = '100000000000001';
/** One change in a hundred is on it. */
export const RARE_NUMBER = '100000000000009';
const OTHER_NUMBER = '100000000000008';
/** A text, then a message with the key hash, then one with another. */
const SAID: readonly FirstChange[] = [
  (person, at, id) => changeOf(60, person, at, id),
  (person, at, id) => messageUnder(person, person.keyHash, at, id),
  (person, at, id) => messageUnder(person, 'another-hash=', at, id),
];

/** Fills the tables with this many open changes, two seconds after each other, on three numbers of ours, one person in fifty opted in to marketing; and sorts
 *  them into the queue as the console does. Answers how many a second it sorted. */
export async function loadOpenChanges(database: Database, count: number): Promise<number> {
  await loadCopies(database, count, SAID);
  const { pool } = database;
  const n = `('x' || right(contact_id::text, 12))::bit(48)::bigint`;
  const { rows } = await pool.query<{ at: string }>(`select extract(epoch from min(blocked_at))::bigint as at from identity_state`);
  const at = rows[0]?.at;
  await pool.query(
    `update identity_state set blocked_at = to_timestamp(${at} + 2 * ${n}),
       state = replace(replace(state::text, '${at}', (${at} + 2 * ${n})::text), '${NUMBER}',
         case when ${n} % 100 = 7 then '${RARE_NUMBER}' when ${n} % 3 = 0 then '${OTHER_NUMBER}' else '${NUMBER}' end)::jsonb`,
  );
  await pool.query(
    `update consent_state set state = replace(state::text, 'thread:customer_thread', 'explicit:web_form:marketing')::jsonb where ${n} % 50 = 0`,
  );
  await pool.query('truncate open_change_due, open_change, open_change_facet, open_change_count');
  const startedAt = performance.now();
  while ((await dueWhereMissed(pool)) !== 0) while ((await sortInDue(pool)) > 0);
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.query('vacuum analyze');
  return count / seconds;
}
