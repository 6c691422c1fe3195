import { readFileSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, request, createServer as withoutTls } from 'node:http';
import { createServer as withTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Made for these tests, good for `localhost` alone, its key for everybody to read: nothing but a test is to trust it. */
const place = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** Where a process of a test finds the certificate that it is to trust. */
export const localhostCertificate = place('localhost.pem');

/** An answer as it came by: every byte of its body, and of its headers those that are not between two neighbours alone, or of the moment. */
type SeenAnswer = {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Whether it broke off. */
  readonly broken: boolean;
};
/** Stands between a client and a server, changes nothing, and keeps each answer. */
export type WireTap = {
  /** `https://localhost:<port>`, or http. */
  readonly url: string;
  readonly port: number;
  /** In the order in which they ended. A request that got none at all is null. */
  readonly answers: readonly (SeenAnswer | null)[];
  /** From now on it leads there. */
  leadTo(url: string): void;
  close(): Promise<void>;
};

/** A tap, with TLS in front of it as a proxy of a deployment would have it. */
export async function wireTap({ tls }: { readonly tls: boolean }): Promise<WireTap> {
  let target = '';
  const answers: (SeenAnswer | null)[] = [];
  const onRequest: RequestListener = (req, res) => {
    const onward = request(target + req.url, { method: req.method, headers: { ...req.headers, host: new URL(target).host } });
    onward.on('response', async (answer) => {
      res.writeHead(answer.statusCode as number, answer.statusMessage, answer.rawHeaders);
      answer.on('data', (chunk: Buffer) => res.write(chunk));
      const seen = await seenIn(answer);
      answers.push(seen);
      if (seen.broken) res.destroy();
      else res.end();
    });
    onward.on('error', () => {
      if (!res.headersSent) answers.push(null);
      res.destroy();
    });
    req.pipe(onward);
  };
  const server = tls
    ? withTls({ cert: readFileSync(localhostCertificate), key: readFileSync(place('localhost-key.pem')) }, onRequest)
    : withoutTls(onRequest);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `${tls ? 'https' : 'http'}://localhost:${port}`, port, answers },
    leadTo(url) {
      target = url;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Between two neighbours alone (RFC 9110, 7.6.1), how a body is cut (RFC 9112), and when it was said. */
const passing = ['connection', 'keep-alive', 'transfer-encoding', 'date'];

async function seenIn(answer: IncomingMessage): Promise<SeenAnswer> {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  const broken = await new Promise<boolean>((resolve) => {
    answer.once('end', () => resolve(false));
    answer.once('error', () => resolve(true));
  });
  const { rawHeaders } = answer;
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1] ?? ''] as const] : []));
  return {
    ...{ status: answer.statusCode ?? 0, reason: answer.statusMessage ?? '', body: Buffer.concat(chunks), broken },
    headers: headers.filter(([name]) => !passing.includes(name)),
  };
}
