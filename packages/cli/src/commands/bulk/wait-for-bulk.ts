import { setTimeout as pause } from 'node:timers/promises';
import { BulkDecisionJson } from '@keyturn/contracts';
import { exitCodes } from '../../exit-codes.ts';
import { failure } from '../../failure.ts';
import type { Context } from '../context.ts';

const POLL_MS = 500;
const STALLED_MS = 60_000;

/** Waits until a bulk decision is over, and shows how far it has come. Throws a failure where nothing is decided on for a minute: it goes on by itself when it can. */
export async function waitForBulk({ io, call }: Pick<Context, 'io' | 'call'>, bulkId: string): Promise<BulkDecisionJson> {
  const read = async () => BulkDecisionJson.parse(await call('GET', `/v1/bulk-decisions/${bulkId}`));
  let bulk = await read();
  const progress = io.progress('Decided on', bulk.counts.total);
  try {
    for (let [left, movedAt] = [bulk.counts.waiting, performance.now()]; bulk.status === 'running'; bulk = await read()) {
      progress.update(bulk.counts.total - bulk.counts.waiting);
      if (bulk.counts.waiting < left) movedAt = performance.now();
      left = bulk.counts.waiting;
      if (performance.now() - movedAt > STALLED_MS) throw stalled(bulk);
      await pause(POLL_MS);
    }
    progress.update(bulk.counts.total - bulk.counts.waiting);
    return bulk;
  } finally {
    progress.stop();
  }
}

const stalled = ({ bulkId, counts }: BulkDecisionJson) =>
  failure(
    exitCodes.unreachable,
    `${counts.waiting} wait: nothing was decided on for a minute. It goes on when it can; keyturn bulk show ${bulkId} says how far it is.`,
  );
