// A worker that takes messages from a queue: what waited there for an hour is asked about again before it goes, a thousand at a time.
import { gateAt, type Send } from '@keyturn/client';

export type Job = Send & { readonly id: string };
type Settings = {
  readonly gateUrl: string;
  readonly key: string;
  /** Sends one message, with the hash by which the platform itself delivers to nobody else. */
  readonly deliver: (job: Job, identityKeyHash: string | null) => Promise<void>;
};
/** Reasons that pass by themselves. */
const passing = ['gate_unavailable', 'state_unreadable', 'state_not_current', 'contact_changing'];

/** Sends what may be sent; answers with what is to stay in the queue, and what is to be given up, with the reasons. */
export async function work(jobs: readonly Job[], { gateUrl, key, deliver }: Settings) {
  const decisions = await gateAt({ url: gateUrl, key }).decideAll(jobs.map(({ id: _, ...send }) => send));
  const later: string[] = [];
  const never: { id: string; reasons: string[] }[] = [];
  for (const [i, job] of jobs.entries()) {
    const { decision, reasons = [], identityKeyHash = null } = decisions[i] ?? {};
    const codes = reasons.map(({ code }) => code);
    if (decision === 'allow') await deliver(job, identityKeyHash);
    else if (codes.every((code) => passing.includes(code))) later.push(job.id);
    else never.push({ id: job.id, reasons: codes });
  }
  return { later, never };
}
