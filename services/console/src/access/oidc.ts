import { setTimeout as pause } from 'node:timers/promises';
import { AppError, HOUR_MS, MemberName } from '@keyturn/contracts';
import type { OidcIdentity, OidcLogin } from '@keyturn/store';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { isSafe } from './is-safe.ts';
import type { OidcSettings } from './oidc-settings.ts';
import { roleFromClaims } from './role-from-claims.ts';

const TIMEOUT_S = 10;
/** Whoever signs out is out of here already: for the rest of it they are not kept waiting. */
const END_WAIT_MS = 2_000;

/** The organisation's own login. */
export type Oidc = {
  /** Where a browser goes, and what it is held to when it is back. Throws `oidc.unavailable`. */
  begin(): Promise<{ readonly url: URL } & Omit<OidcLogin, 'to'>>;
  /** Who it is that came back with this query. Throws where the login does not vouch for that. */
  finish(search: string, held: Omit<OidcLogin, 'to'>): Promise<OidcIdentity>;
  /** Where a browser ends what it has there too; null: nowhere, or the login does not answer at once. Never throws. */
  endUrl(): Promise<string | null>;
};

/** The login of these settings. Its own document is read at the first use, and again once an hour, so the console starts while it is away. */
export function oidcOf(settings: OidcSettings): Oidc {
  const { redirectUri, scope } = settings;
  const provider = freshProvider(settings);
  return {
    async begin() {
      const held = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(await provider(), {
        ...{ redirect_uri: redirectUri, scope, state: held.state, nonce: held.nonce },
        ...{ code_challenge: await calculatePKCECodeChallenge(held.verifier), code_challenge_method: 'S256' },
      });
      return { url, ...held };
    },
    async finish(search, { state, nonce, verifier }) {
      const configuration = await provider();
      const back = new URL(`${redirectUri}${search}`);
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await authorizationCodeGrant(configuration, back, checks);
      const inToken = tokens.claims();
      if (inToken === undefined) throw new TypeError('a login without an id token');
      const more = configuration.serverMetadata().userinfo_endpoint;
      const claims =
        more === undefined ? inToken : { ...(await fetchUserInfo(configuration, tokens.access_token, inToken.sub)), ...inToken };
      return identityOf(settings, claims);
    },
    async endUrl() {
      const late = pause(END_WAIT_MS, null, { ref: false });
      const configuration = await Promise.race([provider().catch(() => null), late]);
      const announced = configuration?.serverMetadata().end_session_endpoint;
      return configuration == null || announced === undefined || !isSafe(announced) ? null : buildEndSessionUrl(configuration).href;
    },
  };
}

function freshProvider(settings: OidcSettings): () => Promise<Configuration> {
  let known: { readonly at: number; readonly configuration: Promise<Configuration> } | null = null;
  return () => {
    if (known !== null && performance.now() - known.at < HOUR_MS) return known.configuration;
    const configuration = discover(settings).catch((cause: unknown) => {
      known = null;
      throw new AppError('oidc.unavailable', 'Your organisation’s login does not answer as it should. Try again in a moment.', { cause });
    });
    known = { at: performance.now(), configuration };
    return configuration;
  };
}

const discover = ({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> =>
  discovery(new URL(issuer), clientId, undefined, showSecret(clientSecret), {
    timeout: TIMEOUT_S,
    execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [], // on this machine alone: the settings refuse any other
  });

/** As the login takes it. */
const showSecret =
  (secret: string): ClientAuth =>
  (server, client, body, headers) => {
    const { token_endpoint_auth_methods_supported: ways = ['client_secret_basic'] } = server;
    const show = ways.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret);
    show(server, client, body, headers);
  };

function identityOf({ issuer, mapping }: OidcSettings, claims: { readonly sub: string; readonly [name: string]: unknown }): OidcIdentity {
  const email = typeof claims.email === 'string' && claims.email_verified === true ? claims.email.toLowerCase() : null;
  const names = [claims.name, claims.preferred_username, email].map(
    (one) => MemberName.safeParse(typeof one === 'string' ? cut(one) : one).data,
  );
  return {
    ...{ issuer, subject: claims.sub, email, name: names.find((one) => one !== undefined) ?? cut(claims.sub) },
    role: mapping === null ? undefined : roleFromClaims(mapping, claims),
  };
}

const cut = (text: string): string => text.trim().slice(0, 100).toWellFormed();
