import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@keyturn/contracts';
import type { Express } from 'express';

export type ListenOptions = {
  /** 0: any free one. */
  readonly port: number;
  /** The variable that sets the port, for the error message. */
  readonly variable?: string;
  readonly host?: string;
  /** How long `close` waits for requests under way before it breaks them off. */
  readonly closeTimeoutMs?: number;
};
export type Listening = { readonly url: string; readonly port: number; close(): Promise<void> };

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

/** Serves the app. Throws `config.invalid` naming port and variable where the port can't be had. */
export function listen(app: Express, options: ListenOptions): Promise<Listening> {
  const server = createServer(
    {
      keepAliveTimeout: 65_000, // longer than a load balancer keeps a connection, or it sends into a closed one
      headersTimeout: 10_000,
      requestTimeout: 30_000, // slow senders; 3 MB at 1 Mbit/s take 24 s
    },
    app,
  );
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
