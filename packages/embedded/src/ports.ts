import { createServer } from 'node:net';
import { embeddedError } from './embedded-error.ts';

const HOST = '127.0.0.1';

/** A port of 127.0.0.1 that was free a moment ago: the preferred one if it was. */
export async function freePort(preferred = 0): Promise<number> {
  const port = (await tryPort(preferred)) ?? (await tryPort(0));
  if (port === undefined) throw embeddedError('This machine has no free port left on 127.0.0.1. Stop something and start again.');
  return port;
}

/** The port asked for, or a free one when none is. Throws one clear line, naming the port and the variable that moves it, when it is in use. */
export async function choosePort(port: number | undefined, { what, variable }: { what: string; variable: string }): Promise<number> {
  if (port === undefined) return freePort();
  if ((await tryPort(port)) !== undefined) return port;
  throw embeddedError(`Port ${port}, which the embedded ${what} wants, is in use. Stop what uses it, or choose another with ${variable}.`);
}

/** The port that could be listened on, undefined when it could not. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ port: port > 65_535 ? 0 : port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
