import type { Tx } from './database.ts';

/** Says for how many days a table is kept: only the service that keeps it was told. */
export async function tellKeptDays(tx: Tx, table: string, days: number, now: Date): Promise<void> {
  await tx.query({
    name: 'kept-days.tell',
    text: `insert into kept_days (table_name, days, told_at) values ($1, $2, $3)
           on conflict (table_name) do update set days = excluded.days, told_at = excluded.told_at`,
    values: [table, days, now],
  });
}

/** For how many days tables are kept, as the services that keep them said last. */
export async function readKeptDays(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ table_name: string; days: number }>({
    name: 'kept-days.read',
    text: 'select table_name, days from kept_days',
  });
  return new Map(rows.map(({ table_name, days }) => [table_name, days]));
}
