import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { metrics } from '../metrics.ts';

/** Who is connected, and what each asked last. */
export type Crowd = {
  /** A request came: the connection is of use, so it goes to the end of the line. */
  asked(req: IncomingMessage, res: ServerResponse): void;
  /** The answer that is, or was, given on this connection last; undefined: none was asked for. */
  lastOn(socket: Duplex): ServerResponse | undefined;
};

/** Keeps the connections of a server to `connectionsMax`: the one more that comes takes the place of the one whose last request is longest ago. So
 *  thousands that hold a connection and say nothing, or say it slowly, never keep anybody out. */
export function crowd(server: Server, connectionsMax: number): Crowd {
  const connections = new Map<Duplex, ServerResponse | undefined>(); // in the order of their last request
  const dropped = metrics.counter('keyturn_http_dropped_connections_total', 'Connections that made room for new ones.');
  server.on('connection', (socket) => {
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
    if (connections.size <= connectionsMax) return;
    const [longestAgo] = connections.keys();
    connections.delete(longestAgo as Duplex);
    longestAgo?.destroy();
    dropped.inc();
  });
  return {
    asked(req, res) {
      if (connections.delete(req.socket)) connections.set(req.socket, res);
    },
    lastOn: (socket) => connections.get(socket),
  };
}
