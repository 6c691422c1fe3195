import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { parseEnv } from './parse-env.ts';
import { refuseSharedSecrets, secretsEnv, weaknessOf } from './secrets.ts';

it.each([
  ['', /blank/],
  ['                        ', /blank/],
  ['\t\n', /blank/],
  ['hunter2', /16 characters/],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', /5 different/],
  ['0000000000000000', /5 different/],
  ['aabbaabbccddccddaabb', /5 different/],
  ['d41d8cd9d41d8cd9d41d8cd9', /over and over/],
  ['changemechangeme', /over and over/],
  ['abcdefghijklmnopqrstuvwx', /neighbouring/],
  ['12345678901234567890', /neighbouring|over and over/],
  ['9876543210fedcba9876', /neighbouring/],
  ['aabbccddeeffgghhiijj', /neighbouring/],
  ['change-me-please-1', /example/],
  ['CHANGE_ME_CHANGE_IT', /example/],
  ['your-app-secret-here', /example/],
  ['<app secret> <app secret>', /example/],
  ['password12345678!', /example/],
  ['super-secret-password'.replace('super', 'my'), /example/],
  ['whatsapp-verify-token', /example/],
  ['any text you choose', /example/],
  ['keyturn-admin-api-key-2026', /example/],
  ['replace-with-a-secret', /example/],
  ['qwertyuiopasdfghjkl', /example/],
])('%p is no secret', (value, rule) => expect(weaknessOf(value, 16)).toMatch(rule));

it.each(['376122336b94913e78b58940e6736693', '848676568814bebe0096a23081275079'])(
  '%p was drawn at random, whatever its letters spell',
  (value) => expect(weaknessOf(value, 16)).toBeUndefined(),
);

it('what is drawn at random is one, in any usual spelling', () => {
  for (let i = 0; i < 1_000; i += 1) {
    for (const spelling of ['hex', 'base64', 'base64url'] as const) {
      const value = randomBytes(16).toString(spelling);
      expect([value, weaknessOf(value, 16)]).toEqual([value, undefined]);
    }
  }
});

it('any text is judged in no time', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 5_000 }), (value) => {
      const at = performance.now();
      weaknessOf(value, 1);
      expect(performance.now() - at).toBeLessThan(500);
    }),
  ));

it.each(Object.keys(secretsEnv))('%s: the message names it, the rule and the way out, never the value', (name) => {
  const strong = Object.fromEntries(Object.keys(secretsEnv).map((each) => [each, randomBytes(24).toString('hex')]));
  expect(() => parseEnv(z.object(secretsEnv), strong)).not.toThrow();
  const load = () => parseEnv(z.object(secretsEnv), { ...strong, [name]: 'changeme-secret-password' });
  expect(load).toThrow(new RegExp(`${name} must not be made of the words of an example: everybody tries those: .*(dashboard|openssl)`));
  expect(load).not.toThrow(/changeme/);
});

it('one secret for two uses is refused, a previous one included; no value is shown', () => {
  const refuse = (secrets: Parameters<typeof refuseSharedSecrets>[0]) => () => refuseSharedSecrets(secrets);
  const shared = { WHATSAPP_APP_SECRET: 'one-thing,another-thing', KEYTURN_ADMIN_API_KEY: 'another-thing' };
  expect(refuse(shared)).toThrow(/KEYTURN_ADMIN_API_KEY is the same as WHATSAPP_APP_SECRET.*Choose another/);
  expect(refuse(shared)).not.toThrow(/thing/);
  expect(refuse({ WHATSAPP_VERIFY_TOKEN: 'one', WHATSAPP_APP_SECRET: ['two', 'one'] })).toThrow(/WHATSAPP_VERIFY_TOKEN is the same/);
  expect(refuse({ WHATSAPP_VERIFY_TOKEN: 'one', WHATSAPP_APP_SECRET: ['two', 'two'], KEYTURN_ADMIN_API_KEY: undefined })).not.toThrow();
});

it('no value that our own documents and manifests show is one', () => {
  const root = new URL('../../../../', import.meta.url);
  const under = (folder: string) => readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => folder + file);
  const files = ['README.md', ...under('docs/'), ...under('infra/')].filter((file) => /\.(md|ya?ml|env|example)$/.test(file));
  const shown = files.flatMap((file) =>
    [
      ...readFileSync(new URL(file, root), 'utf8').matchAll(
        /(WHATSAPP_APP_SECRET|WHATSAPP_VERIFY_TOKEN|KEYTURN_ADMIN_API_KEY)[=:] *["']?(<[^>]+>|[^\s"'`]+)/g,
      ),
    ].map(([, name, value]) => ({ file, name, value: value ?? '' })),
  );
  expect(shown.length).toBeGreaterThan(2);
  for (const one of shown) expect([one, weaknessOf(one.value, 16)]).toEqual([one, expect.any(String)]);
});
