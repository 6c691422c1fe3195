import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came. */
export type Got = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };
/** What is answered. */
export type Given = { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };
/** How it takes requests: as the real one does (`well`), with an answer of its own, not before `release` (`hold`: as one that is slow), by breaking the connection off
 *  once it has the request, or by sending them elsewhere. */
type LocalBehaviour = 'well' | 'hold' | 'reset' | { readonly redirectTo: string } | { readonly refuse: Given };

/** A server on this machine that behaves as one on the Internet does, well or not. */
export type LocalServer = {
  readonly origin: string;
  readonly got: readonly Got[];
  behaviour: LocalBehaviour;
  /** Answers what is held, as the real one would. */
  release(): void;
  /** Nobody listens any more; `up` again on the same port. */
  down(): Promise<void>;
  up(): Promise<void>;
};

/** Starts one that answers by `answer`. */
export async function localServer(answer: (got: Got) => Given): Promise<LocalServer> {
  const got: Got[] = [];
  const held: [ServerResponse, Got][] = [];
  let server: Server;
  let port = 0;
  const give = (res: ServerResponse, { status, body, headers = {} }: Given) => void res.writeHead(status, headers).end(body);
  const local: LocalServer = {
    ...{ origin: '', got, behaviour: 'well' },
    release() {
      for (const [res, request] of held.splice(0)) give(res, answer(request));
    },
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    async up() {
      server = createServer(async (req, res) => {
        const chunks: Buffer[] = [];
        for await (const chunk of req) chunks.push(chunk as Buffer);
        const request = { path: req.url ?? '', headers: req.headers, body: String(Buffer.concat(chunks)) };
        got.push(request);
        const { behaviour } = local;
        if (behaviour === 'reset') return void req.socket.resetAndDestroy();
        if (behaviour === 'hold') return void held.push([res, request]);
        if (behaviour === 'well') return give(res, answer(request));
        if ('refuse' in behaviour) return give(res, behaviour.refuse);
        give(res, { status: 307, body: '', headers: { location: behaviour.redirectTo } });
      });
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    },
  };
  await local.up();
  return Object.assign(local, { origin: `http://127.0.0.1:${port}` });
}

/** What is JSON; undefined: it is none. */
export function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
