import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { AppError } from '@keyturn/contracts';

/** A call to the platform: `method`, `path` with its query, headers as they go out. */
export type PlatformCall = { readonly method: string; readonly path: string; readonly headers: Record<string, string | string[]> };

/** Connections to the platform, kept open. */
export type Platform = {
  /** A call whose connection is ready and of which nothing has been sent yet. Rejects with `graph.unavailable`. */
  open(call: PlatformCall): Promise<OpenCall>;
  stop(): void;
};
/** `readySince`: from when on (`performance.now()`) its connection has been ready, and nobody used it. */
export type OpenCall = {
  readonly readySince: number;
  /** Sends it, what comes bit by bit as it comes, and not at all where that fails; answers with the head of what the platform answers. Rejects with `graph.unavailable`, see `sentNothing`. */
  send(body: Buffer | string | AsyncIterable<Buffer>): Promise<IncomingMessage>;
  /** Lets it go unsent. */
  drop(): void;
};

const CONNECT_MS = 5_000;
const ANSWER_MS = 60_000;

/** The platform at a URL, whose path stands before that of each call, over so many connections at the most. */
export function platformAt(url: string, connectionsMax: number, connectMs = CONNECT_MS): Platform {
  const base = new URL(url);
  const secure = base.protocol === 'https:';
  // The one that has been free for the longest time: most likely since before the message was judged.
  const options = { keepAlive: true, maxSockets: connectionsMax, maxFreeSockets: connectionsMax, scheduling: 'fifo' as const };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const freeSince = new WeakMap<Socket, number>();
  agent.on('free', (socket: Socket) => void freeSince.set(socket, performance.now()));
  const prefix = base.pathname.replace(/\/$/, '');
  return {
    async open({ method, path, headers }) {
      const request = (secure ? httpsRequest : httpRequest)({
        ...{ agent, method, path: prefix + path, headers: { ...headers, host: base.host } },
        ...{ hostname: base.hostname, port: base.port },
      });
      let broken: Error | undefined;
      request.on('error', (cause) => {
        broken ??= cause; // also while the message is judged anew: the platform ends a connection when it likes
      });
      const socket = await connected(request, { secure, connectMs });
      return {
        readySince: freeSince.get(socket) ?? performance.now(),
        send: (body) => (broken === undefined ? answerTo(request, body) : Promise.reject(unconnected(broken))),
        drop: () => void request.destroy(),
      };
    },
    stop: () => agent.destroy(),
  };
}

const NOTHING_SENT = { nothingSent: true };
/** The platform could not be reached, so nothing went out. */
export const unreached = (message: string, cause?: Error): AppError =>
  new AppError('graph.unavailable', message, { cause, detail: NOTHING_SENT });
/** Whether it is certain of a call that failed so that nothing of it went out. */
export const sentNothing = (error: unknown): boolean => error instanceof AppError && error.detail.nothingSent === true;

const unconnected = (cause: Error): AppError => unreached(`no connection: ${cause.message}`, cause);

/** Whose socket is ready to take the first byte. */
function connected(request: ClientRequest, { secure, connectMs }: { secure: boolean; connectMs: number }): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  let tooLong: NodeJS.Timeout | undefined; // a timeout of the request begins once it has a connection
  const fail = (cause: Error) => {
    clearTimeout(tooLong);
    reject(unconnected(cause));
  };
  request.once('error', fail);
  request.once('socket', (socket) => {
    const ready = () => {
      clearTimeout(tooLong);
      request.off('error', fail);
      resolve(socket);
    };
    const made = secure ? (socket as TLSSocket).authorized : !socket.connecting;
    if (made) return ready();
    tooLong = setTimeout(() => request.destroy(new Error(`none in ${connectMs} ms`)), connectMs);
    socket.once(secure ? 'secureConnect' : 'connect', ready);
  });
  return promise;
}

function answerTo(request: ClientRequest, body: Parameters<OpenCall['send']>[0]): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
  let isAnswered = false;
  request.once('response', (answer) => {
    isAnswered = true;
    resolve(answer);
  });
  const fail = (cause: Error) =>
    reject(
      cause instanceof AppError
        ? cause
        : new AppError('graph.unavailable', `${cause.message}; whether it went out is not known`, { cause }),
    );
  request.once('error', fail);
  request.once('close', () => {
    if (!isAnswered) fail(new Error('closed without an answer')); // of an upgrade that nobody asked for Node says nothing else
  });
  frame(request, body);
  if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
  else void pour(body, request).catch((error: Error) => request.destroy(error));
  return promise;
}

/** Says how long a body is, or that it comes in chunks. Node does so by itself only where a method mostly has one: of a `GET` or `DELETE` the body would go out as
 *  bare bytes, and be the next call on the connection, which nobody judged and whose answer somebody else would get. */
function frame(request: ClientRequest, body: Parameters<OpenCall['send']>[0]): void {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    if (!request.hasHeader('content-length')) request.setHeader('transfer-encoding', 'chunked');
  } else if (body.length > 0) request.setHeader('content-length', Buffer.byteLength(body));
}

/** As fast as the platform takes it. */
async function pour(body: AsyncIterable<Buffer>, request: ClientRequest): Promise<void> {
  const over = new Promise<void>((resolve) => void request.once('close', resolve));
  const drained = () => new Promise<void>((resolve) => void request.once('drain', resolve));
  for await (const bytes of body) {
    if (request.destroyed) return;
    if (!request.write(bytes)) await Promise.race([over, drained()]);
  }
  request.end();
}
