import { setTimeout as pause } from 'node:timers/promises';
import { DAY_MS } from '@keyturn/contracts';
import type { Log } from '@keyturn/runtime';
import type pg from 'pg';
import { type Tx, transact } from '../database.ts';
import { enqueue } from '../outbox.ts';
import { type SweptSlice, sweptSlices } from './swept-slices.ts';

/** How often a slice's turn comes, how long a round over all its contacts takes, and how many are locked at once. */
export type Pace = { readonly tickMs: number; readonly roundMs: number; readonly contactsMax: number };
const PACE: Pace = { tickMs: 3_000, roundMs: DAY_MS, contactsMax: 500 };

/** A sweep that goes on until it is stopped. */
export type Sweep = { stop(): Promise<void> };

/** Tells every state again once a day, a few contacts at a time: a compacted topic keeps the last record of a key, and after a send that was
 *  written late that need not be the newest. Several processes share one sweep. What fails is tried again with the next turn. */
export function startSweep({ pool, log, pace = PACE }: { pool: pg.Pool; log: Log; pace?: Pace }): Sweep {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      for (const slice of sweptSlices) {
        await pause(pace.tickMs / sweptSlices.length, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
        if (stopping.signal.aborted) return;
        const told = await sweepOnce(pool, slice, new Date(), pace).catch((error: unknown) => {
          log.warn({ slice: slice.name, error: String(error) }, 'the sweep of states waits for its next turn');
          return 0;
        });
        if (told > 0) log.debug({ slice: slice.name, told }, 'states told again');
      }
    }
  };
  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Tells the states of the slice's next contacts again and moves on; answers how many. 0 also where another process is at it, or where the round
 *  of today is over. */
export function sweepOnce(pool: pg.Pool, slice: SweptSlice, now: Date, pace: Pace = PACE): Promise<number> {
  return transact(pool, async (tx) => {
    const after = await cursorOf(tx, slice, now, pace);
    if (after === null) return 0;
    const { rows } = await tx.query<{ contact_id: string }>(
      `select contact_id from ${slice.table} where contact_id > $1 order by contact_id limit $2`,
      [after, await batchSize(tx, slice, pace)],
    );
    const ids = rows.map(({ contact_id }) => contact_id);
    const records = ids.length === 0 ? [] : await slice.records(tx, ids, now);
    await enqueue(tx, records);
    await tx.query('update state_sweep set after = $2 where slice = $1', [slice.name, ids.at(-1) ?? null]);
    return records.length;
  });
}

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Where to go on, with the cursor locked; null: not now. */
async function cursorOf(tx: Tx, { name }: SweptSlice, now: Date, { roundMs }: Pace): Promise<string | null> {
  await tx.query("insert into state_sweep (slice, after, round_at) values ($1, null, '-infinity') on conflict do nothing", [name]);
  const { rows } = await tx.query<{ after: string | null; due: boolean }>(
    'select after, round_at <= $2::timestamptz as due from state_sweep where slice = $1 for update skip locked',
    [name, new Date(now.getTime() - roundMs)],
  );
  const [cursor] = rows;
  if (cursor === undefined || (cursor.after === null && !cursor.due)) return null;
  if (cursor.after !== null) return cursor.after;
  await tx.query('update state_sweep set round_at = $2 where slice = $1', [name, now]);
  return BEFORE_ALL;
}

/** As many that a round lasts a day, by what PostgreSQL believes the table to hold. */
async function batchSize(tx: Tx, { table }: SweptSlice, { tickMs, roundMs, contactsMax }: Pace): Promise<number> {
  const { rows } = await tx.query<{ rows: number }>('select reltuples::float8 as rows from pg_class where oid = $1::regclass', [table]);
  return Math.min(contactsMax, Math.max(1, Math.ceil(((rows[0]?.rows ?? 0) * tickMs) / roundMs)));
}
