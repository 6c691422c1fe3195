import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@keyturn/contracts';
import type { App } from './create-app.ts';
import { crowd } from './crowd.ts';
import { refuseUnreadable } from './unreadable.ts';

/** Where it listens, and to how many. */
export type ListenOptions = {
  /** 0: any free one. */
  readonly port: number;
  /** The variable that sets the port, for the error message. */
  readonly variable?: string;
  readonly host?: string;
  /** One more takes the place of the one whose last request is longest ago. */
  readonly connectionsMax?: number;
  /** How long `close` waits for requests under way before it breaks them off. */
  readonly closeTimeoutMs?: number;
};
/** A server that listens. */
export type Listening = { readonly url: string; readonly port: number; close(): Promise<void> };

/** Far more than a load balancer opens; a connection that says nothing takes about 10 kB. */
const CONNECTIONS_MAX = 2_000;
/** Reasons of ours to give up on a connection. */
const PIPELINED = 'PIPELINED';
const CONNECT = 'CONNECT';

function portError(error: NodeJS.ErrnoException, { port, variable }: ListenOptions): AppError {
  const name = variable ? `port ${port} (${variable})` : `port ${port}`;
  const change = variable ? `set ${variable} to another one` : 'choose another one';
  if (error.code === 'EADDRINUSE') {
    return new AppError('config.invalid', `${name} is in use: stop the process that has it, or ${change}.`, { cause: error });
  }
  if (error.code === 'EACCES')
    return new AppError('config.invalid', `${name} may not be opened by this user: ${change}.`, { cause: error });
  return new AppError('config.invalid', `${name} can't be opened (${error.code ?? error.message}).`, { cause: error });
}

/** Takes no new connection, lets requests under way end, and breaks off what is left at the deadline. */
async function closeServer(server: Server, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const closeIdle = setInterval(() => server.closeIdleConnections(), 25); // one becomes idle when its answer is out
  const deadline = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(deadline);
}

/** A server that no slow, silent or malformed client holds up. Whatever comes as a request, the app answers, also what Node would answer itself;
 *  one at a time on a connection: a thousand in one packet would hold up everybody. */
function serverOf(app: App, connectionsMax: number): Server {
  const limits = {
    maxHeaderSize: 16 * 1024,
    requireHostHeader: false, // the app requires it, with a line in the log
    headersTimeout: 10_000,
    requestTimeout: 30_000, // slow senders; 3 MB at 1 Mbit/s take 24 s
    connectionsCheckingInterval: 1_000, // so late both are noticed
    keepAliveTimeout: 65_000, // longer than a load balancer keeps a connection, or it sends into a closed one
  };
  const server = createServer(limits);
  server.timeout = 75_000; // who does not take the answer either
  const { asked, lastOn } = crowd(server, connectionsMax);
  const refuse = refuseUnreadable(app.log);
  const answer: RequestListener = (req, res) => {
    const last = lastOn(req.socket);
    if (last?.writableFinished === false) return refuse(PIPELINED, req.socket, last);
    asked(req, res);
    app(req, res);
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) server.on(event, answer);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error.code, socket, lastOn(socket)));
  server.on('connect', (_req, socket) => {
    socket.on('error', () => {}); // Node listens to it no more, so who hangs up before the answer would end the process
    refuse(CONNECT, socket, lastOn(socket));
  });
  return server;
}

/** Serves the app. Throws `config.invalid` naming port and variable where the port can't be had. */
export function listen(app: App, options: ListenOptions): Promise<Listening> {
  const server = serverOf(app, options.connectionsMax ?? CONNECTIONS_MAX);
  const host = options.host ?? '0.0.0.0';
  const { promise, resolve, reject } = Promise.withResolvers<Listening>();
  const refuse = (error: NodeJS.ErrnoException): void => reject(portError(error, options));
  server.once('error', refuse);
  server.listen(options.port, host, () => {
    server.off('error', refuse);
    const { port } = server.address() as AddressInfo;
    const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closing ??= closeServer(server, options.closeTimeoutMs ?? 5_000);
      return closing;
    };
    resolve({ url: `http://${shown}:${port}`, port, close });
  });
  return promise;
}
