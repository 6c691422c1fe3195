import { Problem } from '@keyturn/contracts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { failure } from '../failure.ts';
import type { Io } from '../io.ts';
import { findKey } from './find-key.ts';

const TIMEOUT_MS = 15_000;
const DEFAULT_URL = 'http://localhost:8081';

/** The console's HTTP API. Answers the JSON of a success as it came; throws a failure with its exit code for all else. */
export type Console = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  options?: { readonly timeoutMs: number },
) => Promise<unknown>;

/** A console as the options and the environment name it. Nothing is sent before the first request. */
export function connect(options: { url?: string }, io: Io): Console {
  const url = urlOf(options.url ?? (io.env.KEYTURN_URL || DEFAULT_URL));
  return async (method, path, body, { timeoutMs } = { timeoutMs: TIMEOUT_MS }) => {
    const headers = { authorization: `Bearer ${findKey(url, io)}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const payload = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = { method, headers, ...payload, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) } as const;
    const response = await fetch(new URL(path, url), request).catch((cause: Error) => {
      throw failure(exitCodes.unreachable, unreachable(url, cause));
    });
    const answer = parsed(await response.text());
    if (response.ok) return answer;
    const problem = Problem.safeParse(answer);
    if (problem.success) throw failure(exitOfStatus(response.status), problem.data.detail, problem.data);
    throw failure(exitCodes.unexpected, `${url.origin} answered ${response.status} as no console does. Is KEYTURN_URL right?`);
  };
}

function urlOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw failure(exitCodes.usage, `${text} is no http(s) URL: give --url or KEYTURN_URL like ${DEFAULT_URL}.`);
}

function unreachable(url: URL, { cause, message }: Error): string {
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

function parsed(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
