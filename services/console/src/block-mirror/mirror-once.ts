import { backoffMs, type Graph } from '@keyturn/runtime';
import {
  type Database,
  type Due,
  type MirrorJob,
  type MirrorOutcome,
  mirrorWork,
  noteIntents,
  recordMirrored,
  settleDue,
  takeDue,
  transact,
} from '@keyturn/store';
import { carryOut } from './carry-out.ts';

const LEASE_MS = 120_000;
/** After this long nothing more is asked: what was asked then is over before the lease is. */
const ASKING_MS = 60_000;
const CONTACTS_MAX = 50;
const RETRY = { firstMs: 10_000, maxMs: 3_600_000, attemptsMax: 30 };
/** The person has not written for 24 hours, or is one of our own numbers: that is so until they write
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users, read 2026). */
const FINAL: readonly number[] = [131_047, 131_021];

/** Carries the blocks of some contacts over to the platform; answers how many there were. No transaction is open while the platform is asked. A contact that
 *  could not be carried over comes again later, each time after twice as long. */
export async function mirrorOnce(pool: Database['pool'], graph: Graph, now: () => Date): Promise<number> {
  const start = now().getTime();
  const due = await takeDue(pool, now(), new Date(start + LEASE_MS), CONTACTS_MAX);
  if (due.length === 0) return 0;
  const jobs = await mirrorWork(
    pool,
    due.map(({ contactId }) => contactId),
    now(),
  );
  await noteIntents(pool, jobs, now());
  const outcomes = await carryOut(graph, jobs, () => now().getTime() - start < ASKING_MS);
  await transact(pool, async (tx) => {
    await recordMirrored(tx, outcomes, now());
    await settleDue(
      tx,
      due.map((one) => ({ ...one, dueAt: againAt(one, jobs, outcomes, now()) })),
    );
  });
  return due.length;
}

/** When a contact comes again: null, if all that there was to do is done, or refused until the person writes, or was tried often enough. */
function againAt({ contactId, attempts }: Due, jobs: readonly MirrorJob[], outcomes: readonly MirrorOutcome[], now: Date): Date | null {
  const asked = jobs.filter((job) => job.contactId === contactId);
  const ended = outcomes.filter((one) => one.contactId === contactId && (one.refusedCode === null || FINAL.includes(one.refusedCode)));
  if (ended.length >= asked.length || attempts + 1 >= RETRY.attemptsMax) return null;
  return new Date(now.getTime() + backoffMs(attempts, RETRY));
}
