import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { AppError } from '@keyturn/contracts';

/** A call to the platform: `method`, `path` with its query, headers as they go out. */
export type PlatformCall = { readonly method: string; readonly path: string; readonly headers: Record<string, string | string[]> };

/** Connections to the platform, kept open. */
export type Platform = {
  /** A call whose connection is ready and of which nothing has been sent yet: `send` sends it and answers with the head of what the platform answers,
   *  `drop` lets it go unsent. Rejects with `graph.unavailable`. */
  open(call: PlatformCall): Promise<{ send(body: Buffer): Promise<IncomingMessage>; drop(): void }>;
  stop(): void;
};

const CONNECT_MS = 5_000;
const ANSWER_MS = 60_000;

/** The platform at a URL, whose path stands before that of each call, over so many connections at the most. */
export function platformAt(url: string, connectionsMax: number): Platform {
  const base = new URL(url);
  const secure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: connectionsMax, maxFreeSockets: connectionsMax, scheduling: 'lifo' as const };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const prefix = base.pathname.replace(/\/$/, '');
  return {
    async open({ method, path, headers }) {
      const request = (secure ? httpsRequest : httpRequest)({
        ...{ agent, method, path: prefix + path, headers: { ...headers, host: base.host } },
        ...{ hostname: base.hostname, port: base.port },
      });
      await connected(request, secure);
      return {
        send: (body) => answerTo(request, body),
        drop() {
          request.on('error', () => {});
          request.destroy();
        },
      };
    },
    stop: () => agent.destroy(),
  };
}

/** Whose socket is ready to take the first byte. */
function connected(request: ClientRequest, secure: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (cause: Error) => reject(new AppError('graph.unavailable', `no connection: ${cause.message}`, { cause }));
  request.setTimeout(CONNECT_MS, () => request.destroy(new Error(`no connection in ${CONNECT_MS} ms`)));
  request.once('error', fail);
  request.once('socket', (socket) => {
    const ready = () => {
      request.off('error', fail);
      resolve();
    };
    const made = secure ? (socket as TLSSocket).authorized : !socket.connecting;
    if (made) ready();
    else socket.once(secure ? 'secureConnect' : 'connect', ready);
  });
  return promise;
}

function answerTo(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.setTimeout(ANSWER_MS, () => request.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
  request.once('response', resolve);
  request.once('error', (cause) =>
    reject(new AppError('graph.unavailable', `${cause.message}; whether it went out is not known`, { cause })),
  );
  request.end(body);
  return promise;
}
