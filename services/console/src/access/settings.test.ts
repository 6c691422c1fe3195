import { expect, it } from '@jest/globals';
import { loadConfig } from '../config.ts';
import { accessSettings } from './settings.ts';

const BASE = { DATABASE_URL: 'postgres://x@127.0.0.1/x', KEYTURN_ADMIN_API_KEY: 'a-bootstrap-key-for-tests-only' };
const OIDC = { OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: 'keyturn', OIDC_CLIENT_SECRET: 'k7-Qp2vXz0-wLr9sTy4' };
const PAGE = { CONSOLE_PUBLIC_URL: 'https://console.example.org/' };
const of = (env: NodeJS.ProcessEnv) => accessSettings(loadConfig({ ...BASE, ...env }));

it.each<[string, NodeJS.ProcessEnv, RegExp]>([
  ['an issuer that anybody between could be', { ...OIDC, ...PAGE, OIDC_ISSUER: 'http://id.example.org' }, /OIDC_ISSUER must be https/],
  [
    'an issuer that only looks like this machine',
    { ...OIDC, ...PAGE, OIDC_ISSUER: 'http://localhost.example.org' },
    /OIDC_ISSUER must be https/,
  ],
  ['a client secret that is short', { ...OIDC, ...PAGE, OIDC_CLIENT_SECRET: 'k7-Qp2' }, /OIDC_CLIENT_SECRET must have 16 characters/],
  ['a client secret that everybody tries', { ...OIDC, ...PAGE, OIDC_CLIENT_SECRET: 'my-app-secret-changeme' }, /OIDC_CLIENT_SECRET/],
  ['half of a login', { OIDC_ISSUER: OIDC.OIDC_ISSUER, ...PAGE }, /go together: set all three/],
  ['roles of no login', { OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'admin=sre', ...PAGE }, /go together: set all three/],
  ['a claim without roles', { ...OIDC, ...PAGE, OIDC_ROLE_CLAIM: 'groups' }, /OIDC_ROLE_CLAIM and OIDC_ROLES go together/],
  ['a role that there is not', { ...OIDC, ...PAGE, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'root=sre' }, /OIDC_ROLES must be role=group/],
  ['a role of no group', { ...OIDC, ...PAGE, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'admin=' }, /OIDC_ROLES must be role=group/],
  ['a login that has no way back', OIDC, /OIDC_ISSUER is set and needs CONSOLE_PUBLIC_URL/],
  [
    'a way back that anybody between can read',
    { ...OIDC, CONSOLE_PUBLIC_URL: 'http://console.example.org' },
    /needs CONSOLE_PUBLIC_URL, the https URL/,
  ],
  ['no openid', { ...OIDC, ...PAGE, OIDC_SCOPE: 'email' }, /OIDC_SCOPE must have 'openid'/],
  [
    'passwords in the clear',
    { CONSOLE_LOCAL_ACCOUNTS: 'true', CONSOLE_PUBLIC_URL: 'http://10.0.0.5:8081' },
    /CONSOLE_LOCAL_ACCOUNTS is true/,
  ],
  ['a session for ever', { SESSION_HOURS_MAX: '9999' }, /SESSION_HOURS_MAX must be 720 or less/],
  ['an audit log of a day', { AUDIT_KEPT_DAYS: '1' }, /AUDIT_KEPT_DAYS must be 30 or more/],
])('%s stops the start', (_what, env, why) => {
  expect(() => of(env)).toThrow(why);
  expect(() => of(env)).not.toThrow(/k7-Qp2/);
});

it.each<[string, NodeJS.ProcessEnv, object]>([
  ['on this machine people have passwords', {}, { local: true, oidc: null, origin: null }],
  ['behind TLS too', PAGE, { local: true, origin: 'https://console.example.org' }],
  ['in the clear nobody has one', { CONSOLE_PUBLIC_URL: 'http://keyturn.internal:8081' }, { local: false, oidc: null }],
  [
    'with a login of the organisation nobody has one',
    { ...OIDC, ...PAGE },
    { local: false, oidc: { mapping: null, name: 'single sign-on' } },
  ],
  ['unless that is asked for', { ...OIDC, ...PAGE, CONSOLE_LOCAL_ACCOUNTS: 'true' }, { local: true, oidc: { clientId: 'keyturn' } }],
  ['the way back has one slash', { ...OIDC, ...PAGE }, { oidc: { redirectUri: 'https://console.example.org/auth/oidc/callback' } }],
  [
    'a group may have = in its name, and a role several groups',
    { ...OIDC, ...PAGE, OIDC_ROLE_CLAIM: 'groups', OIDC_ROLES: 'admin=cn=sre, admin=owners' },
    {
      oidc: {
        mapping: {
          claim: 'groups',
          roles: [
            { role: 'admin', group: 'cn=sre' },
            { role: 'admin', group: 'owners' },
          ],
        },
      },
    },
  ],
])('%s', (_what, env, settings) => expect(of(env)).toMatchObject(settings));
