import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { metrics } from '../metrics.ts';

/** Who is connected, and what each asked last. */
export type Crowd = {
  /** A request came: the connection is of use, so it goes to the end of the line. */
  asked(req: IncomingMessage, res: ServerResponse): void;
  /** The answer that is being given on this connection, or was, to a request that has not come whole; undefined: there is none. */
  lastOn(socket: Duplex): ServerResponse | undefined;
};

/** What is known of a connection. An answer holds its request and all that came of it: kept until the next request on the same connection, it outlived the
 *  youngest garbage, and each collection copied what all quiet connections had asked last. In an object of its own, since tables that a `Map` has outgrown
 *  hold their values until the next full collection. */
type Connected = { last: ServerResponse | undefined };

/** Keeps the connections of a server to `connectionsMax`: the one more that comes takes the place of the one whose last request is longest ago. So
 *  thousands that hold a connection and say nothing, or say it slowly, never keep anybody out. */
export function crowd(server: Server, connectionsMax: number): Crowd {
  const connections = new Map<Duplex, Connected>(); // in the order of their last request
  const dropped = metrics.counter('keyturn_http_dropped_connections_total', 'Connections that made room for new ones.');
  server.on('connection', (socket) => {
    connections.set(socket, { last: undefined });
    socket.once('close', () => connections.delete(socket));
    if (connections.size <= connectionsMax) return;
    const [longestAgo] = connections.keys();
    connections.delete(longestAgo as Duplex);
    longestAgo?.destroy();
    dropped.inc();
  });
  return {
    asked(req, res) {
      const connected = connections.get(req.socket);
      if (connected === undefined) return;
      connections.delete(req.socket);
      connections.set(req.socket, connected);
      connected.last = res;
      res.on('close', () => {
        if (req.complete && connected.last === res) connected.last = undefined;
      });
    },
    lastOn: (socket) => connections.get(socket)?.last,
  };
}
