import { type Cause, contactEvents } from '@keyturn/contracts';
import type { IncomingRecord } from '@keyturn/runtime';
import type pg from 'pg';
import { v7 } from 'uuid';
import { applyDirectory } from '../consume/apply-directory.ts';
import type { Shell } from '../consume/run.ts';
import { neverStops } from '../consume/stop-rule.ts';
import { consentConsumer, contactConsumer, identityConsumer } from '../consumers.ts';

/** No log has it. */
const PARTITION = -1;
type Told = { key: string; headers: Record<string, string>; value: Buffer };

/** Lets all slices follow what the directory told because of this actor, after a place of the outbox, within the transaction that `inside` is. It counts
 *  nowhere as consumed. */
export async function followWithin(inside: pg.Pool, after: bigint, actor: string, now: () => Date): Promise<void> {
  const { rows } = await inside.query<Told>('select key, headers, value from outbox where position > $1 and topic = $2 order by position', [
    after,
    contactEvents.name,
  ]);
  const mine = rows.filter(({ value }) => (JSON.parse(value.toString('utf8')) as { cause: Cause }).cause.actor === actor);
  if (mine.length === 0) return;
  const records = mine.map((told, i): IncomingRecord => ({ ...told, offset: BigInt(i), timestamp: now().getTime() }));
  const run = {
    topic: contactEvents,
    partition: PARTITION,
    records,
    from: null,
    to: BigInt(records.length),
    caughtUpAt: now(),
    attempt: 1,
  };
  const shell: Shell = { pool: inside, now, newContactId: v7, stopRule: neverStops };
  await applyDirectory(shell, contactConsumer, run);
  await applyDirectory(shell, identityConsumer, run);
  await applyDirectory(shell, consentConsumer, run);
}
