import { AppError } from '@keyturn/contracts';
import type pg from 'pg';
import { storeError, transact } from '../database.ts';

/** Offsets of one partition of the webhooks' log, `from` included, `to` not. */
export type StoredSpan = { readonly partition: number; readonly from: string; readonly to: string };
/** A replay as it was asked for. `continues`: the one that it goes on with; null: it begins. */
export type Replay = {
  readonly replayId: string;
  readonly continues: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly selection: unknown;
  readonly spans: readonly StoredSpan[];
  readonly requestedAt: string;
};
/** How far a replay has come. */
export type ReplayProgress = { readonly next: Readonly<Record<number, string>>; readonly counts: object };

/** Records who has what replayed, before anything is, with the role that the database let in. Throws `store.…`. */
export function beginReplay(pool: pg.Pool, replay: Replay): Promise<void> {
  const { replayId, continues, actor, reason, selection, spans, requestedAt } = replay;
  return transact(pool, async (tx) => {
    await tx.query(
      `insert into replay (replay_id, continues, actor, role, reason, selection, spans, requested_at)
       values ($1, $2, $3, session_user, $4, $5, $6, $7)`,
      [replayId, continues, actor, reason, JSON.stringify(selection), JSON.stringify(spans), requestedAt],
    );
    await tx.query(`insert into replay_progress (replay_id, next, counts, updated_at) values ($1, '{}', '{}', $2)`, [
      replayId,
      requestedAt,
    ]);
  });
}

/** Records that all before `next` is published; `ended`: and that there is no more. Throws `store.…`. */
export async function moveReplay(pool: pg.Pool, replayId: string, { next, counts }: ReplayProgress, ended: boolean): Promise<void> {
  await asked(
    pool.query(
      `update replay_progress set next = $2, counts = $3, updated_at = now(), ended_at = case when $4 then now() end where replay_id = $1`,
      [replayId, JSON.stringify(next), JSON.stringify(counts), ended],
    ),
  );
}

type Row = {
  continues: string | null;
  actor: string;
  reason: string;
  selection: unknown;
  spans: StoredSpan[];
  requested_at: Date;
  next: Record<number, string>;
  ended_at: Date | null;
};

/** A replay with what is left of it; `endedAt` null: it was interrupted, or still runs. Throws `replay.not_found`, `store.…`. */
export async function readReplay(pool: pg.Pool, replayId: string): Promise<Replay & { readonly endedAt: string | null }> {
  const { rows } = await asked(
    pool.query<Row>(
      `select continues, actor, reason, selection, spans, requested_at, next, ended_at from replay join replay_progress using (replay_id)
       where replay_id = $1`,
      [replayId],
    ),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('replay.not_found', `there is no replay ${replayId}: its id is what it said when it began`);
  const { continues, actor, reason, selection, spans, next } = row;
  const left = spans.map((span) => ({ ...span, from: next[span.partition] ?? span.from }));
  const times = { requestedAt: row.requested_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null };
  return { replayId, continues, actor, reason, selection, spans: left, ...times };
}

const asked = <Result>(answer: Promise<Result>): Promise<Result> =>
  answer.catch((error: unknown) => {
    throw storeError(error);
  });
