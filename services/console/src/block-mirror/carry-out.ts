import { identifierParts } from '@keyturn/domain';
import { type Graph, metrics } from '@keyturn/runtime';
import type { MirrorJob, MirrorOutcome } from '@keyturn/store';
import { readOutcome } from './read-outcome.ts';

/** In one request. */
const USERS_MAX = 100;
const carried = metrics.counter(
  'keyturn_block_mirror_total',
  'Blocks by choice carried over to the platform, and taken back there: done, refused, or not answered.',
  ['action', 'outcome'],
);

/** Asks the platform to block and unblock, the people of a number together; answers what became of each. What it did not answer is not among them:
 *  to be tried again. Twice is as good as once. */
export async function carryOut(graph: Graph, jobs: readonly MirrorJob[], mayAsk: () => boolean): Promise<MirrorOutcome[]> {
  const outcomes: MirrorOutcome[] = jobs.filter(({ action }) => action === 'forget').map((job) => ({ ...job, refusedCode: null }));
  const asked = Map.groupBy(
    jobs.filter(({ action }) => action !== 'forget'),
    ({ phoneNumberId, action }) => `${action} ${phoneNumberId}`,
  );
  for (const group of asked.values()) {
    for (let from = 0; from < group.length && mayAsk(); from += USERS_MAX)
      outcomes.push(...(await ask(graph, group.slice(from, from + USERS_MAX))));
  }
  return outcomes;
}

async function ask(graph: Graph, jobs: readonly MirrorJob[]): Promise<MirrorOutcome[]> {
  const [{ phoneNumberId, action }] = jobs as [MirrorJob];
  const body = { messaging_product: 'whatsapp', block_users: jobs.map(userOf) };
  const send = action === 'block' ? graph.post : graph.delete;
  const answer = await send(`${phoneNumberId}/block_users`, body, { repeatable: true }).catch(() => null); // the client has counted it, and its breaker knows
  return jobs.flatMap((job) => {
    const refusedCode = answer === null ? undefined : readOutcome(answer, inputOf(job));
    carried.inc({ action, outcome: refusedCode === undefined ? 'unanswered' : refusedCode === null ? 'done' : 'refused' });
    return refusedCode === undefined ? [] : [{ ...job, refusedCode }];
  });
}

const inputOf = ({ identifier }: MirrorJob): string => identifierParts(identifier).value;
const userOf = (job: MirrorJob) => (job.identifier.startsWith('w:') ? { user: inputOf(job) } : { user_id: inputOf(job) });
