import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';
import { metrics } from '../metrics.ts';

const connections = metrics.gauge('keyturn_kafka_connections', 'Open connections to brokers; 0: this service reaches none.', ['service']);

const LOOK_MS = 5_000;
/** No answer takes as long: a group that deals its partitions out anew has 30 s for that. */
const LOOKS_MAX = 9;

/** kafkajs' own sockets, counted while they are open: it tells of a lost connection by no event. One on which nothing comes back any more is ended. */
export function countedSockets(service: string): ISocketFactory {
  const createSocketFactory = createRequire(import.meta.url)('kafkajs/src/network/socketFactory.js') as () => ISocketFactory;
  const create = createSocketFactory();
  connections.inc({ service }, 0);
  return (options) => {
    let isOpen = false;
    const onConnect = () => {
      isOpen = true;
      connections.inc({ service });
      options.onConnect();
    };
    const socket = create({ ...options, onConnect });
    socket.once('close', () => {
      if (isOpen) connections.dec({ service });
    });
    endWhenSilent(socket);
    return socket;
  };
}

/** kafkajs lets a request go that has no answer, and asks the next on the same connection: of a broker that vanished without a word, as with its node, for
 *  as long as TCP tries, a quarter of an hour. Looks are counted, not time: a process that stood still has not listened. */
function endWhenSilent(socket: Socket): void {
  let looks: number | null = null; // since something was asked that has no answer
  const { write } = socket;
  socket.write = ((...what: Parameters<Socket['write']>) => {
    looks ??= 0;
    return write.apply(socket, what);
  }) as Socket['write'];
  socket.on('data', () => {
    looks = null;
  });
  const looking = setInterval(() => {
    if (looks !== null && ++looks > LOOKS_MAX) socket.destroy(new Error(`nothing came back for ${(LOOKS_MAX * LOOK_MS) / 1000} s`));
  }, LOOK_MS).unref();
  socket.once('close', () => clearInterval(looking));
}
