import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Driven, Paced } from './drive.ts';
import type { Answer, Job } from './jobs.ts';

type Closed = Extract<Job, { kind: 'closed' | 'all' | 'acquaint' }>;
type PacedJob = Extract<Job, { kind: 'paced' }>;
/** The process that makes the load. */
export type Load = {
  closed(job: Closed): Promise<Driven>;
  paced(job: PacedJob): Promise<Paced & { startedAt: number }>;
  stop(): void;
};

/** Starts it. One job at a time; a job that fails throws. */
export function startLoad(): Load {
  const child = fork(path.join(import.meta.dirname, 'load.main.ts'), {
    execPath: process.execPath,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ask = async (job: Job): Promise<Exclude<Answer, { kind: 'failed' }>> => {
    child.send(job);
    const [answer] = (await once(child, 'message')) as [Answer];
    if (answer.kind === 'failed') throw new Error(`the load could not be made: ${answer.reason}`);
    return answer;
  };
  return {
    async closed(job) {
      const answer = await ask(job);
      if (answer.kind !== 'driven') throw new TypeError('the load answered another job');
      return answer.driven;
    },
    async paced(job) {
      const answer = await ask(job);
      if (answer.kind !== 'paced') throw new TypeError('the load answered another job');
      return { ...answer.paced, startedAt: answer.startedAt };
    },
    stop: () => void child.disconnect(),
  };
}

/** Throws unless every request was answered 200. */
export function allAnswered200({ answers }: Pick<Driven, 'answers'>): number {
  const others = Object.entries(answers).filter(([status]) => status !== '200');
  if (others.length > 0) throw new Error(`not all were answered 200: ${others.map(([status, times]) => `${status} ×${times}`).join(', ')}`);
  return answers[200] ?? 0;
}
