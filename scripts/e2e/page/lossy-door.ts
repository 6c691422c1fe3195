import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut and mended. */
export type Passage = { readonly url: string; cut(): void; mend(): void; close(): Promise<void> };

/** Passes connections on, byte for byte, until it is cut: then it breaks off those that are and takes none, as a network that is away. */
export async function keepPassing(to: string): Promise<Passage> {
  const { port } = new URL(to);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.once('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://localhost:${(server.address() as { port: number }).port}`,
    cut() {
      isCut = true;
      breakOff();
    },
    mend() {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakOff();
      }),
  };
}
