import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** How a request ended: `answered` with whatever status, or why there is none (`wasSent`: whoever got it may have
 *  acted on it). `text`: the answer's beginning, where it was asked for. */
export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly text?: string; readonly retryAfter?: string }
  | { readonly kind: 'timeout' | 'refused_address' | 'unreachable' | 'tls'; readonly wasSent?: true };
/** What is to be posted, and where to. */
export type Outward = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For all of it, the name's resolution and the answer's head included. */
  readonly timeoutMs: number;
  /** Whether plain HTTP and addresses that are not public are meant. */
  readonly isPrivateAllowed: boolean;
  /** How much of the answer is read; absent: none. */
  readonly answerBytesMax?: number;
  /** Finds a name's addresses. */
  readonly resolve?: Resolve;
};
/** Finds all addresses of a name, as `dns.lookup` does. */
export type Resolve = (hostname: string, done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

const REFUSED = 'ERR_REFUSED_ADDRESS';
/** Of an answer so much is taken before the connection is broken off. */
const ANSWER_BYTES_MAX = 65_536;
const resolveByDns: Resolve = (hostname, done) => lookUp(hostname, { all: true, verbatim: true }, done);

/** Posts to a URL that somebody configured, to no other place: only by HTTPS to public addresses, looked at after the one resolution whose answer is
 *  connected to, so that a name can't change in between; redirects are answers like any and are not followed; no connection is used twice. Never throws. */
export async function postOutward(outward: Outward): Promise<Posted> {
  const url = new URL(outward.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!outward.isPrivateAllowed && (url.protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host))))
    return { kind: 'refused_address' };
  const signal = AbortSignal.timeout(outward.timeoutMs);
  let wasSent = false;
  try {
    const answer = await send(url, outward, signal, () => {
      wasSent = true;
    });
    const status = answer.statusCode ?? 0;
    if (outward.answerBytesMax !== undefined) return { kind: 'answered', status, ...(await readAnswer(answer, outward.answerBytesMax)) };
    passOver(answer);
    return { kind: 'answered', status };
  } catch (error) {
    return { kind: signal.aborted ? 'timeout' : kindOf(error), ...(wasSent ? { wasSent } : {}) };
  }
}

function send(
  url: URL,
  { headers, body, isPrivateAllowed, resolve = resolveByDns }: Outward,
  signal: AbortSignal,
  onSent: () => void,
): Promise<IncomingMessage> {
  const { promise, resolve: answered, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method: 'POST',
    agent: false,
    signal,
    lookup: isPrivateAllowed ? lookupWith(resolve, () => true) : lookupWith(resolve, isPublicAddress),
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  } as const;
  const request = url.protocol === 'https:' ? requestTls(url, options) : requestPlain(url, options);
  request.once('response', answered);
  request.once('finish', onSent);
  request.on('error', reject); // also one after the answer, of which nobody needs to hear
  request.end(body);
  return promise;
}

/** What it says up to there; what breaks off meanwhile has still been answered. */
async function readAnswer(answer: IncomingMessage, bytesMax: number): Promise<{ text: string; retryAfter?: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= bytesMax) break;
    }
  } catch {}
  const retryAfter = answer.headers['retry-after'];
  return { text: Buffer.concat(chunks).subarray(0, bytesMax).toString('utf8'), ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function passOver(answer: IncomingMessage): void {
  let bytes = 0;
  answer.on('error', () => {});
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) answer.destroy();
  });
}

/** One address that may not be is enough to refuse the name: whoever answers for it answers as they like. */
const lookupWith =
  (resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction =>
  (hostname, { all }, done) =>
    resolve(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) return done(error ?? new Error('the name has no address'), []);
      if (!addresses.every(({ address }) => isAllowed(address)))
        return done(Object.assign(new Error('not a public address'), { code: REFUSED }), []);
      if (all) done(null, addresses);
      else done(null, first.address, first.family);
    });

function kindOf(error: unknown): 'refused_address' | 'unreachable' | 'tls' {
  const code = String((error as NodeJS.ErrnoException).code);
  if (code === REFUSED) return 'refused_address';
  return /CERT|SSL|TLS|EPROTO/.test(code) ? 'tls' : 'unreachable';
}
