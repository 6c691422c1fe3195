import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** An organisation's own login, with these people. */
export type OidcProvider = {
  readonly issuer: string;
  /** Who is at the keyboard; by their `sub`. */
  person: string;
  readonly people: Record<string, Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
};
export const CLIENT = { id: 'keyturn', secret: 'k7-Qp2vXz0-wLr9sTy4' };

/** Starts a real provider, which asks nobody anything: whoever is at the keyboard is signed in and agrees. */
export async function startOidcProvider(redirectUri: string): Promise<OidcProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people: OidcProvider['people'] = {};
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username', 'groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    cookies: { keys: ['a key of this test'] },
    findAccount: (_ctx, sub) => (people[sub] === undefined ? undefined : { accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    ttl: { Session: 60, Interaction: 60, Grant: 60, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
  });
  const one: OidcProvider = {
    ...{ issuer, person: '', people },
    stop: () => new Promise((resolve) => server.closeAllConnections() ?? server.close(() => resolve())),
  };
  const handle = provider.callback();
  server.on('request', (req, res) => {
    if (!req.url?.startsWith('/interaction/')) void handle(req, res);
    else agree(provider, one.person, req, res).catch((error: Error) => res.writeHead(500).end(error.message));
  });
  return one;
}

async function agree(provider: Provider, person: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(req, res);
  if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: person } });
  const grant = new provider.Grant({ accountId: session?.accountId as string, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  await provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
}

/** A provider that takes every question and answers none, until it is stopped. */
export async function silentProvider(): Promise<{
  readonly issuer: string;
  asked(): number;
  stop(): Promise<void>;
}> {
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    stop: () => new Promise((resolve) => server.closeAllConnections() ?? server.close(() => resolve())),
  };
}
