import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AlertSent } from '@keyturn/contracts';

/** Whoever takes the alerts of a run. */
export type Told = { readonly origin: string; readonly sent: readonly AlertSent[]; stop(): void };

/** Starts one that takes whatever comes. */
export async function startTold(): Promise<Told> {
  const sent: AlertSent[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    sent.push(JSON.parse(String(Buffer.concat(chunks))) as AlertSent);
    res.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
