import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@keyturn/contracts';
import { Agent, request } from 'undici';
import { backoffMs } from '../backoff.ts';
import { breaker } from '../breaker.ts';
import { metrics } from '../metrics.ts';
import { type GraphAnswer, readGraphAnswer } from './graph-answer.ts';
import { redacted } from './redacted.ts';

/** Where the platform is, as whom it is asked, and how patiently. */
export type GraphOptions = {
  /** Of its breaker, in metrics; default `graph`. */
  readonly name?: string;
  /** Without a version. */
  readonly url: string;
  readonly version: string;
  /** Sent in a header, never in a URL, and taken out of whatever is said. */
  readonly accessToken: string;
  /** Proves that we are the app: a token alone is then worth nothing
   *  (https://developers.facebook.com/docs/graph-api/guides/secure-requests, read 2026). */
  readonly appSecret?: string;
  /** For one attempt, all of it. */
  readonly timeoutMs?: number;
  readonly attemptsMax?: number;
  readonly connectionsMax?: number;
  readonly backoffFirstMs?: number;
};

type GraphQuery = Readonly<Record<string, string>>;
type GraphWrite = {
  /** Twice is as good as once: it may be sent again where nobody knows whether it came through. */
  readonly repeatable?: boolean;
};

/** The platform's Graph API. What it refuses for good comes back as a value. Throws `graph.throttled` where it has had too many calls, and
 *  `graph.unavailable` where it does not answer, answers what can't be read, says that it does not work, or the breaker is open. */
export type Graph = {
  get(path: string, query?: GraphQuery): Promise<GraphAnswer>;
  post(path: string, body: unknown, write?: GraphWrite): Promise<GraphAnswer>;
  delete(path: string, body?: unknown, write?: GraphWrite): Promise<GraphAnswer>;
  close(): Promise<void>;
};

type Method = 'GET' | 'POST' | 'DELETE';
type Call = { readonly method: Method; readonly path: string; readonly query: GraphQuery; readonly body: unknown };

const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const seconds = metrics.histogram(
  'keyturn_graph_request_seconds',
  "Requests to the platform's Graph API, by what they ended as: ok, refused, throttled or unavailable.",
  ['edge', 'outcome'],
);

/** A client with a pool of its own, behind a breaker. A read, and a write that may be repeated, is tried again after a failure that may be over. */
export function connectGraph(options: GraphOptions): Graph {
  const { timeoutMs = 10_000, attemptsMax = 3, backoffFirstMs = 250 } = options;
  const agent = new Agent({
    connections: options.connectionsMax ?? 8,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
    maxResponseSize: ANSWER_BYTES_MAX,
  });
  const once = breaker((call: Call) => send(agent, options, timeoutMs, call), {
    name: options.name ?? 'graph',
    isFault: (error) => error instanceof AppError && error.code === 'graph.unavailable',
    whenOpen: () => new AppError('graph.unavailable', 'The Graph API has failed time and again and is left alone for some seconds.'),
  });
  const call = async (call: Call, repeatable: boolean): Promise<GraphAnswer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once.fire(call);
      } catch (error) {
        const again = repeatable && error instanceof AppError && error.code === 'graph.unavailable';
        if (!again || attempt >= attemptsMax || once.isOpen()) throw error;
        await pause(backoffMs(attempt - 1, { firstMs: backoffFirstMs, maxMs: 5_000 }));
      }
    }
  };
  return {
    get: (path, query = {}) => call({ method: 'GET', path, query, body: undefined }, true),
    post: (path, body, { repeatable = false } = {}) => call({ method: 'POST', path, query: {}, body }, repeatable),
    delete: (path, body, { repeatable = false } = {}) => call({ method: 'DELETE', path, query: {}, body }, repeatable),
    async close() {
      once.stop();
      await agent.destroy();
    },
  };
}

async function send(agent: Agent, options: GraphOptions, timeoutMs: number, call: Call): Promise<GraphAnswer> {
  const end = seconds.startTimer({ edge: edgeOf(call.path) });
  try {
    const { status, text } = await exchange(agent, options, timeoutMs, call);
    const answer = readGraphAnswer(status, text, secretsOf(options));
    end({ outcome: answer.kind });
    if (answer.kind === 'ok' || answer.kind === 'refused') return answer;
    throw troubleError(call, answer.kind, answer.refusal);
  } catch (error) {
    if (error instanceof AppError) throw error;
    end({ outcome: 'unavailable' });
    const { message } = error as Error;
    throw new AppError('graph.unavailable', `${nameOf(call)}: the Graph API did not answer (${redacted(message, secretsOf(options))})`);
  }
}

async function exchange(agent: Agent, options: GraphOptions, timeoutMs: number, { method, path, query, body }: Call) {
  const url = new URL(`${options.url.replace(/\/+$/, '')}/${options.version}/${path.replace(/^\/+/, '')}`);
  for (const [name, value] of Object.entries({ ...query, ...proofOf(options) })) url.searchParams.set(name, value);
  const { statusCode, body: answer } = await request(url, {
    method,
    dispatcher: agent,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      authorization: `Bearer ${options.accessToken}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: statusCode, text: await answer.text() };
}

const proofOf = ({ appSecret, accessToken }: GraphOptions): GraphQuery =>
  appSecret === undefined ? {} : { appsecret_proof: createHmac('sha256', appSecret).update(accessToken).digest('hex') };
const secretsOf = ({ accessToken, appSecret }: GraphOptions) => [accessToken, appSecret ?? ''];

function troubleError(
  call: Call,
  kind: 'throttled' | 'unavailable',
  refusal: { code: number | null; message: string; fbtraceId: string | null },
) {
  const said = `${refusal.message}${refusal.fbtraceId === null ? '' : ` (fbtrace_id ${refusal.fbtraceId})`}`;
  const detail = { graphCode: refusal.code };
  if (kind === 'throttled')
    return new AppError('graph.throttled', `${nameOf(call)}: the Graph API has had too many calls: ${said}`, { detail });
  return new AppError('graph.unavailable', `${nameOf(call)}: the Graph API does not work at the moment: ${said}`, { detail });
}

/** The path holds ids of ours alone; the query may hold a token, and is never said. */
const nameOf = ({ method, path }: Call) => `${method} ${path}`;

/** What an edge of the graph is called; ids are not for metrics. */
function edgeOf(path: string): string {
  const last = path.split('/').at(-1) ?? '';
  return /^[a-z_]{1,40}$/.test(last) ? last : 'node';
}
