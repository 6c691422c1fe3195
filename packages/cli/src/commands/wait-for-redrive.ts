import { setTimeout as pause } from 'node:timers/promises';
import { DeadLetterProgressJson } from '@keyturn/contracts';
import { exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Context } from './context.ts';

const POLL_MS = 500;
const STALLED_MS = 60_000;

/** How many of the dead letters of a redrive are in which status. */
export type Letters = DeadLetterProgressJson['letters'];

/** Waits until all dead letters of these decisions were read again, and shows how far that has come. Throws a failure where none moves for a minute. */
export async function waitForRedrive(
  { io, call }: Pick<Context, 'io' | 'call'>,
  decisionIds: readonly string[],
  total: number,
): Promise<Letters> {
  const progress = io.progress('Read again', total);
  try {
    for (let [left, movedAt] = [total + 1, performance.now()]; ; ) {
      const letters = await lettersOf(call, decisionIds);
      progress.update(total - letters.requested);
      if (letters.requested === 0) return letters;
      if (letters.requested < left) movedAt = performance.now();
      left = letters.requested;
      if (performance.now() - movedAt > STALLED_MS) throw stalled(left);
      await pause(POLL_MS);
    }
  } finally {
    progress.stop();
  }
}

async function lettersOf(call: Context['call'], decisionIds: readonly string[]): Promise<Letters> {
  const sum: Letters = { open: 0, requested: 0, redriven: 0, discarded: 0 };
  for (const decisionId of decisionIds) {
    const { letters } = DeadLetterProgressJson.parse(await call('GET', `/v1/dead-letter-decisions/${decisionId}`));
    for (const status of Object.keys(sum) as (keyof Letters)[]) sum[status] += letters[status];
  }
  return sum;
}

const stalled = (left: number) =>
  failure(
    exitCodes.unreachable,
    `${left} still wait: nothing was read again for a minute. They stay requested; their consumer takes them up when it runs.`,
  );
