import type { NumberCourseJson, PhoneNumberJson } from '@keyturn/contracts';
import { courseOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Of each of its names. What it costs is bounded, however much was said. */
const ENTRIES_MAX = 1_000;

type Row = { kind: string; event_id: string; detail: Record<string, unknown>; occurred_at: Date | null };

/** How a number's quality and limit went, by what the platform said of it, under each of its names, and of its account. */
export async function readCourse(
  tx: Tx,
  number: Pick<PhoneNumberJson, 'phoneNumberId' | 'displayNumber' | 'wabaId'>,
): Promise<NumberCourseJson> {
  const { rows } = await tx.query<Row>({
    name: 'account.course',
    text: `select e.kind, e.event_id, e.detail, e.occurred_at
           from unnest($1::text[], $2::text[], $3::text[]) as s(kind, id, type) cross join lateral (
             select * from account_entry where kind = s.kind and id = s.id order by recorded_at desc, event_id desc limit $4) e
           where e.type = s.type`,
    values: [
      ['number', 'display', 'waba'],
      [number.phoneNumberId, number.displayNumber, number.wabaId],
      ['phone_number.quality_changed', 'phone_number.quality_changed', 'business_capability.changed'],
      ENTRIES_MAX,
    ],
  });
  return courseOf(
    rows.map(({ kind, event_id, detail, occurred_at }) => ({
      of: kind === 'waba' ? 'account' : 'number',
      ...{ eventId: event_id, detail, at: occurred_at },
    })),
  );
}
