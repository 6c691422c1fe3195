import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { embeddedError } from './embedded-error.ts';

const HOST = '127.0.0.1';
const HIGHEST = 65_535;

/**
 * Ports from which no system takes one for an outgoing connection: Linux does from 32768 (`net.ipv4.ip_local_port_range`), macOS and Windows
 * from 49152. A port of theirs can be gone between the moment it is found free and the one in which it is listened on.
 */
const QUIET_PORTS = { from: 16_384, to: 32_767 };
const TRIES = 100;

/** A port of 127.0.0.1 that was free a moment ago, and that no outgoing connection takes before it is listened on: the preferred one if it was free. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && preferred <= HIGHEST && (await tryPort(preferred))) return preferred;
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(QUIET_PORTS.from, QUIET_PORTS.to + 1);
    if (await tryPort(port)) return port;
  }
  throw embeddedError(
    `No free port was found on 127.0.0.1 between ${QUIET_PORTS.from} and ${QUIET_PORTS.to}. Stop something and start again.`,
  );
}

/** The port asked for, or a free one when none is. Throws one clear line, naming the port and the variable that moves it, when it is in use. */
export async function choosePort(port: number | undefined, { what, variable }: { what: string; variable: string }): Promise<number> {
  if (port === undefined) return freePort();
  if (await tryPort(port)) return port;
  throw embeddedError(`Port ${port}, which the embedded ${what} wants, is in use. Stop what uses it, or choose another with ${variable}.`);
}

/** Whether the port can be listened on. */
function tryPort(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
