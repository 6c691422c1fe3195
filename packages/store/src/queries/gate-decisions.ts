import { GateCode, type GateDecisionJson, type GateReason } from '@keyturn/contracts';
import { explain } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { mergedInto } from './timeline.ts';

/** Where a page ended. */
export type DecisionPlace = { readonly decidedAt: string; readonly decisionId: string };
type Row = {
  decision_id: string;
  decided_at: Date;
  decision: 'allow' | 'deny';
  contact_id: string | null;
  phone_number_id: string;
  category: GateDecisionJson['category'];
  template: string | null;
  door: GateDecisionJson['door'];
  actor: string;
  reasons: string[];
  shadowed: string[];
};

/** What the gate denied of sends to a contact, and to those that were merged into it (null: to anybody), newest first, from before a place on (null: from
 *  the newest); of what it allowed a sample. */
export async function gateDecisions(
  tx: Tx,
  contactId: string | null,
  limit: number,
  before: DecisionPlace | null,
): Promise<GateDecisionJson[]> {
  const contactIds = contactId === null ? null : [contactId, ...(await mergedInto(tx, contactId))];
  const { rows } = await tx.query<Row>({
    name: contactIds === null ? 'gate.decided' : 'gate.decided-on',
    text: `select decision_id, decided_at, decision, contact_id, phone_number_id, category, template, door, actor, reasons, shadowed from gate_decision
           where (decided_at, decision_id) < (coalesce($1::timestamptz, 'infinity'), coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
             ${contactIds === null ? '' : 'and contact_id = any($4::uuid[])'}
           order by decided_at desc, decision_id desc limit $3`,
    values: [before?.decidedAt ?? null, before?.decisionId ?? null, limit, ...(contactIds === null ? [] : [contactIds])],
  });
  return rows.map(({ decision_id, decided_at, contact_id, phone_number_id, reasons, shadowed, ...decision }) => ({
    ...{ decisionId: decision_id, decidedAt: decided_at.toISOString(), contactId: contact_id, phoneNumberId: phone_number_id },
    ...{ ...decision, reasons: explained(reasons), shadowed: explained(shadowed) },
  }));
}

/** A code that a later release wrote is left out. */
const explained = (codes: readonly string[]): GateReason[] =>
  codes.flatMap((code) => {
    const known = GateCode.safeParse(code);
    return known.success ? [explain(known.data)] : [];
  });
