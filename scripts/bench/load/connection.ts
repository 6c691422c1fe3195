import { connect, type Socket } from 'node:net';

/** A connection kept alive, with one request at a time on it. It reads of an answer no more than it must: whoever makes the load shares the
 *  machine with whoever bears it. */
export type Connection = { send(request: Buffer, answered: (status: number) => void): void; close(): void };

/** Opens it. A connection that breaks answers 0 to what is under way, and to all that comes. */
export async function openConnection(url: URL): Promise<Connection> {
  const socket: Socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let answered: ((status: number) => void) | null = null;
  let received = '';
  const settle = (status: number): void => {
    const answer = answered;
    answered = null;
    received = '';
    answer?.(status);
  };
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length >= head + 4 + length) settle(Number(received.slice(9, 12)));
  });
  socket.on('error', () => {});
  socket.on('close', () => settle(0));
  return {
    send(request, then) {
      answered = then;
      if (socket.destroyed) settle(0);
      else socket.write(request);
    },
    close: () => void socket.destroy(),
  };
}
