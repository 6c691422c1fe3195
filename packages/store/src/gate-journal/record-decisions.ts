import type { GateDecisionJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

/** A decision of the gate as the journal has it. */
export type JournaledDecision = Omit<GateDecisionJson, 'reasons' | 'shadowed' | 'decidedAt'> & {
  readonly decidedAt: Date;
  readonly reasons: readonly string[];
  readonly shadowed: readonly string[];
};
/** How many sends of one kind were decided on so, on a day (UTC). */
export type DecisionCount = {
  readonly day: string;
  readonly phoneNumberId: string;
  readonly category: string;
  readonly decision: GateDecisionJson['decision'];
  readonly sends: number;
};

/** Adds them, each once by its id, by one statement. */
export async function recordDecisions(tx: Tx, decisions: readonly JournaledDecision[]): Promise<void> {
  await tx.query({
    name: 'gate.decisions',
    text: `insert into gate_decision (decided_at, decision_id, decision, contact_id, phone_number_id, category, template, door, actor, reasons, shadowed)
           select decided_at, decision_id, decision, contact_id, phone_number_id, category, template, door, actor,
             string_to_array(reasons, ','), string_to_array(shadowed, ',')
           from unnest($1::timestamptz[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
             as d(decided_at, decision_id, decision, contact_id, phone_number_id, category, template, door, actor, reasons, shadowed)
           on conflict do nothing`,
    values: [
      decisions.map(({ decidedAt }) => decidedAt),
      decisions.map(({ decisionId }) => decisionId),
      decisions.map(({ decision }) => decision),
      decisions.map(({ contactId }) => contactId),
      decisions.map(({ phoneNumberId }) => phoneNumberId),
      decisions.map(({ category }) => category),
      decisions.map(({ template }) => template),
      decisions.map(({ door }) => door),
      decisions.map(({ actor }) => actor),
      decisions.map(({ reasons }) => reasons.join()),
      decisions.map(({ shadowed }) => shadowed.join()),
    ],
  });
}

/** What a gate counted since its flush before: `flush` is the number of it, from 1 on, and `gateId` the gate from its start to its end. */
export type CountFlush = { readonly gateId: string; readonly flush: number; readonly counts: readonly DecisionCount[] };

/** How long a gate may be cut off from the database and still not add anything twice. */
const COUNTED_KEPT = '30 days';

/** Adds a flush to what is counted, by one statement: once, however often it is told, since nobody knows of a statement that broke off whether it was done.
 *  A gate tells its flushes in their order. */
export async function countDecisions(tx: Tx, { gateId, flush, counts }: CountFlush): Promise<void> {
  await tx.query({
    name: 'gate.days',
    text: `with news as (
             insert into gate_counted as g (gate_id, flush, counted_at) values ($6, $7, now())
             on conflict (gate_id) do update set flush = excluded.flush, counted_at = excluded.counted_at where g.flush < excluded.flush
             returning flush
           ),
           forgotten as (delete from gate_counted where $7 = 1 and counted_at < now() - interval '${COUNTED_KEPT}')
           insert into gate_day as g (day, phone_number_id, category, decision, sends)
           select day, phone_number_id, category, decision, sum(sends)
           from news cross join unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as c(day, phone_number_id, category, decision, sends)
           group by 1, 2, 3, 4 order by 1, 2, 3, 4
           on conflict (day, phone_number_id, category, decision) do update set sends = g.sends + excluded.sends`,
    values: [
      counts.map(({ day }) => day),
      counts.map(({ phoneNumberId }) => phoneNumberId),
      counts.map(({ category }) => category),
      counts.map(({ decision }) => decision),
      counts.map(({ sends }) => sends),
      gateId,
      flush,
    ],
  });
}
