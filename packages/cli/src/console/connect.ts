import { Problem } from '@keyturn/contracts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { type Failure, failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { addressOf } from './address.ts';

const TIMEOUT_MS = 15_000;

/** The console's HTTP API. Answers the JSON of a success as it came; throws a failure with its exit code for all else. */
export type Console = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  options?: { readonly timeoutMs: number },
) => Promise<unknown>;

/** A console as the options and the environment name it. Nothing is sent before the first request. */
export function connect(options: { url?: string }, io: Io): Console {
  const { url, key } = addressOf(options, io);
  return async (method, path, body, { timeoutMs } = { timeoutMs: TIMEOUT_MS }) => {
    const headers = { authorization: `Bearer ${key()}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { method, headers, ...payload, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) } as const;
    const { ok, status, answer } = await ask(new URL(path, url), request).catch((cause: Error) => {
      throw failure(exitCodes.unreachable, unreachable(url, cause));
    });
    if (ok && answer !== undefined) return answer;
    throw refusalOf(url, status, answer);
  };
}

async function ask(url: URL, request: RequestInit): Promise<{ ok: boolean; status: number; answer: unknown }> {
  const response = await fetch(url, request);
  return { ok: response.ok, status: response.status, answer: parsed(await response.text()) };
}

/** The failure that an answer which is no success stands for. */
export function refusalOf(url: URL, status: number, answer: unknown): Failure {
  const problem = Problem.safeParse(answer);
  if (problem.success) return failure(exitOfStatus(status), problem.data.detail, problem.data);
  return failure(exitCodes.unexpected, `${url.origin} answered ${status} as no console does. Is KEYTURN_URL right?`);
}

/** What to say where a console does not answer. */
export function unreachable(url: URL, { cause, message }: Error): string {
  const why = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
  return `${url.origin} does not answer (${why}). Is keyturn running (npm start)? Another address goes into --url or KEYTURN_URL.`;
}

function exitOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.notAllowed;
  if (status === 404) return exitCodes.notFound;
  if (status === 409) return exitCodes.conflict;
  if (status === 503) return exitCodes.unreachable;
  return status < 500 ? exitCodes.usage : exitCodes.unexpected;
}

/** JSON, or undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
