import type { Tx } from '../database.ts';

/** The tables of which each month is a partition. */
const MONTHLY = ['journal', 'outbound_status', 'outbound_ungated', 'outbound_sent', 'gate_decision'];

/** From when on each of these tables has a month: what was before is gone, but for what came so late that no month took it. */
export async function readOldestMonths(tx: Tx): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await tx.query<{ name: string; since: Date }>({
    name: 'retention.months',
    text: `select p.relname as name, min(substring(pg_get_expr(c.relpartbound, c.oid) from 'FROM \\(''([^'']+)''\\)')::timestamptz) as since
           from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent join pg_namespace n on n.oid = p.relnamespace
           where n.nspname = current_schema() and p.relname = any($1::text[]) and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
           group by 1`,
    values: [MONTHLY],
  });
  return new Map(rows.map(({ name, since }) => [name, since]));
}
