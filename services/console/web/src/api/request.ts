import type { Problem } from '@keyturn/contracts';
import { isByItself } from './by-itself.ts';

/** What the console answered instead of what was asked for. */
class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'Refused';
    this.problem = problem;
  }
}
/** The console could not be reached, or did not answer as itself. */
const unreachable: Problem = { type: 'about:blank', title: 'unreachable', status: 0, code: 'unreachable', detail: '' };

/** The problem document of whatever went wrong. */
export const problemOf = (error: unknown): Problem => (error instanceof Refused ? error.problem : unreachable);

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** Asks the console by the session's cookie. Throws `Refused`, also where it is away. */
export async function request<Answer>(method: Method, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'x-keyturn-request': 'page' }),
      ...(isByItself() ? { 'x-keyturn-by-itself': 'yes' } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Refused(unreachable);
  });
  const text = await response.text();
  const answer: unknown = text === '' ? null : parsed(text);
  if (response.ok) return answer as Answer;
  throw new Refused(isProblem(answer) ? answer : { ...unreachable, status: response.status });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isProblem = (answer: unknown): answer is Problem =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'detail' in answer;
