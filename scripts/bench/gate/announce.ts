import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Lets a server listen, says where as our services do, and ends it when it is told to. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ msg: 'started', url: `http://127.0.0.1:${port}` }));
  });
  process.on('SIGTERM', () => process.exit());
}
