import { joinSamples, type Sample } from '@keyturn/domain';
import type { Tx } from '../database.ts';

/** Messages to a number of ours on a day. */
export type DayOf = { readonly phoneNumberId: string; readonly day: string; readonly entries: readonly number[] };

type Row = { phone_number_id: string; day: string; sample: Buffer };

/** Adds messages to their days, in two statements. The numbers' rows are locked by this transaction. A sample that is full changes ever more seldom,
 *  and one that does not change is not written. */
export async function addToDays(tx: Tx, days: readonly DayOf[]): Promise<void> {
  if (days.length === 0) return;
  const { rows } = await tx.query<Row>({
    name: 'account.days',
    text: `select phone_number_id, day::text, sample from account_day
           join unnest($1::text[], $2::date[]) as d(phone_number_id, day) using (phone_number_id, day)`,
    values: [days.map(({ phoneNumberId }) => phoneNumberId), days.map(({ day }) => day)],
  });
  const known = new Map(rows.map((row) => [`${row.phone_number_id} ${row.day}`, sampleOf(row.sample)]));
  const changed = days.flatMap((one) => {
    const before = known.get(`${one.phoneNumberId} ${one.day}`) ?? [];
    const sample = joinSamples(before, one.entries);
    return sameSample(before, sample) ? [] : [{ ...one, sample }];
  });
  if (changed.length === 0) return;
  await tx.query({
    name: 'account.day-save',
    text: `insert into account_day (phone_number_id, day, sample)
           select phone_number_id, day, sample from unnest($1::text[], $2::date[], $3::bytea[]) as d(phone_number_id, day, sample)
           on conflict (phone_number_id, day) do update set sample = excluded.sample`,
    values: [
      changed.map(({ phoneNumberId }) => phoneNumberId),
      changed.map(({ day }) => day),
      changed.map(({ sample }) => bytesOf(sample)),
    ],
  });
}

const sameSample = (one: Sample, other: Sample) => one.length === other.length && one.every((entry, i) => entry === other[i]);

function bytesOf(sample: Sample): Buffer {
  const bytes = Buffer.alloc(sample.length * 8);
  for (const [i, entry] of sample.entries()) bytes.writeDoubleLE(entry, i * 8);
  return bytes;
}

/** A sample as it is stored. */
export const sampleOf = (bytes: Buffer): Sample => Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(i * 8));
