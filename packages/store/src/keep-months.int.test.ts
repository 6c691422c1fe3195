import { expect, it } from '@jest/globals';
import { ownDatabase } from './directory/directory.fixture.ts';
import { makeMonths } from './keep-months.ts';
import { readOldestMonths } from './queries/oldest-months.ts';

const database = ownDatabase();

const column = async (text: string, values: unknown[] = []) =>
  (await database.pool.query<{ it: string }>(text, values)).rows.map((row) => row.it);
const months = (table: string) =>
  column(
    `select relname as it from pg_inherits join pg_class on oid = inhrelid where inhparent = ('keyturn.' || $1)::regclass order by relname`,
    [table],
  );
const insert = {
  outbound_sent: `insert into outbound_sent (wamid, sent_at, phone_number_id, actor) values ($1, $2, 'P1', 'key:1')`,
  outbound_ungated: `insert into outbound_ungated (wamid, sent_at, identifier, waba_id, phone_number_id, source) values ($1, $2, 'w:1', 'W', 'P1', 'api')`,
  gate_decision: `insert into gate_decision (template, decided_at, decision_id, decision, phone_number_id, door, reasons, shadowed, actor)
    values ($1, $2, gen_random_uuid(), 'deny', 'P1', 'messages', '{}', '{}', 'key:1')`,
};

it.each(['outbound_sent', 'outbound_ungated', 'gate_decision'] as const)(
  '%s has a partition for every month that is kept and the next two, what is over is dropped, and nothing fails for want of one',
  async (table) => {
    await database.pool.query(insert[table], ['early', '2026-03-10T00:00:00Z']);
    await makeMonths(database.pool, table, new Date('2026-05-15T00:00:00Z'), 60);
    await makeMonths(database.pool, table, new Date('2026-05-15T00:00:00Z'), 60);
    await database.pool.query(insert[table], ['now', '2026-05-10T00:00:00Z']);
    const made = ['04', '05', '06', '07'].map((month) => `${table}_2026_${month}`);
    expect(await months(table)).toEqual([...made, `${table}_default`]); // March is where no month was made
    expect((await readOldestMonths(database.pool)).get(table)).toEqual(new Date('2026-04-01T00:00:00Z'));
    await makeMonths(database.pool, table, new Date('2026-06-15T00:00:00Z'), 60);
    expect(await column(`select tableoid::regclass::text as it from ${table}`)).toEqual([`${table}_2026_05`]);
    await makeMonths(database.pool, table, new Date('2026-08-15T00:00:00Z'), 60);
    expect(await column(`select tableoid::regclass::text as it from ${table}`)).toEqual([]);
    expect(await months(table)).not.toContain(`${table}_2026_05`);
  },
);

it('the counts of days go with them', async () => {
  await database.pool.query(
    `insert into ungated_day (phone_number_id, day, messages) values ('P1', '2026-03-01', 1), ('P1', '2026-05-01', 1)`,
  );
  await makeMonths(database.pool, 'outbound_ungated', new Date('2026-05-15T00:00:00Z'), 60);
  expect(await column('select day::text as it from ungated_day')).toEqual(['2026-05-01']);
});

it('touches no other table', async () => {
  await expect(database.pool.query(`select keep_months('journal', now(), 2, 1)`)).rejects.toThrow('keep_months keeps no table journal');
});
