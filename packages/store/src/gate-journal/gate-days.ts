import type { GateDayJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

const DAYS = 30;

/** What a number of ours sent on each of the last 30 days, newest first: what the gate decided, and what went past it. */
export async function gateDaysOf(tx: Tx, phoneNumberId: string, now: Date): Promise<GateDayJson[]> {
  const { rows } = await tx.query<GateDayJson>({
    name: 'gate.days-of',
    text: `select day::text, sum(allowed)::float8 as allowed, sum(denied)::float8 as denied, sum(ungated)::float8 as ungated from (
             select day, case decision when 'allow' then sends else 0 end as allowed, case decision when 'deny' then sends else 0 end as denied, 0 as ungated
             from gate_day where phone_number_id = $1 and day > $2::date - $3::int
             union all
             select day, 0, 0, messages from ungated_day where phone_number_id = $1 and day > $2::date - $3::int) as days
           group by day having sum(allowed + denied + ungated) > 0 order by day desc limit $3`,
    values: [phoneNumberId, now.toISOString().slice(0, 10), DAYS],
  });
  return rows;
}
