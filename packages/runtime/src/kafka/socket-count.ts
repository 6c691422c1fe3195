import { createRequire } from 'node:module';
import type { ISocketFactory } from 'kafkajs';
import { metrics } from '../metrics.ts';

const connections = metrics.gauge('keyturn_kafka_connections', 'Open connections to brokers; 0: this service reaches none.', ['service']);

/** kafkajs' own sockets, counted while they are open: it tells of a lost connection by no event. */
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
    return socket;
  };
}
