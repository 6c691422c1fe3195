import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VerificationAnswer, VerificationRequested } from '@keyturn/contracts';
import { Webhook } from 'standardwebhooks';

/** A request as the business got it. `verified`: its signature is good by the secret, as a public library of Standard Webhooks says. */
export type ReceivedRequest = {
  readonly webhookId: string;
  readonly body: string;
  readonly requested: VerificationRequested;
  readonly verified: boolean;
};
/** How it takes requests: by a status, by breaking the connection off, by sending them elsewhere, or not before `release`. */
export type Behaviour = number | 'reset' | 'hold' | { readonly redirectTo: string };
/** What it answers, and with which status that was taken. */
export type GivenAnswer = { readonly status: number; readonly body: Record<string, unknown> };

/** What a business runs for keyturn: takes signed requests and answers them by the callback, with a script in an operator's place. */
export type BusinessEndpoint = {
  readonly url: string;
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  readonly answers: readonly GivenAnswer[];
  /** What its signatures are checked by. */
  secret: string;
  behaviour: Behaviour;
  /** Answers each request that is taken; absent, or null: it doesn't. */
  script: ((requested: VerificationRequested) => VerificationAnswer | null) | null;
  answer(requested: VerificationRequested, answer: unknown): Promise<GivenAnswer>;
  /** Ends what is held, with 200. */
  release(): void;
  close(): Promise<void>;
};

export async function businessEndpoint(port = 0): Promise<BusinessEndpoint> {
  const requests: ReceivedRequest[] = [];
  const answers: GivenAnswer[] = [];
  const held = new Set<ServerResponse>();
  const server = createServer(async (req, res) => {
    const received = await receive(req, endpoint.secret);
    requests.push(received);
    const { behaviour } = endpoint;
    if (behaviour === 'reset') return void req.socket.resetAndDestroy();
    if (behaviour === 'hold') return void held.add(res);
    if (typeof behaviour === 'object') return void res.writeHead(307, { location: behaviour.redirectTo }).end();
    res.writeHead(behaviour).end();
    const answer = behaviour < 300 && received.verified ? (endpoint.script?.(received.requested) ?? null) : null;
    if (answer !== null) await endpoint.answer(received.requested, answer);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoint: BusinessEndpoint = {
    ...{ url: `${origin}/keyturn`, origin, requests, answers, secret: '', behaviour: 200, script: null },
    async answer({ data }, answer) {
      const response = await fetch(data.callbackUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer),
      });
      const given = { status: response.status, body: (await response.json()) as Record<string, unknown> };
      answers.push(given);
      return given;
    },
    release() {
      for (const res of held) res.writeHead(200).end();
      held.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return endpoint;
}

async function receive(req: IncomingMessage, secret: string): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = String(Buffer.concat(chunks));
  const webhookId = String(req.headers['webhook-id']);
  return { webhookId, body, requested: JSON.parse(body), verified: isSigned(secret, body, req.headers as Record<string, string>) };
}

function isSigned(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
