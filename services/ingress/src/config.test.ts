import { expect, it } from '@jest/globals';
import { loadConfig } from './config.ts';

const env = { KAFKA_BROKERS: 'localhost:9092', WHATSAPP_APP_SECRET: 'a-secret-of-the-app', WHATSAPP_VERIFY_TOKEN: 'a-token-of-the-tests' };

it('has a port, one secret or the current and the previous', () => {
  expect(loadConfig(env)).toMatchObject({ INGRESS_PORT: 8080, WHATSAPP_APP_SECRET: ['a-secret-of-the-app'] });
  expect(loadConfig({ ...env, WHATSAPP_APP_SECRET: 'the-current-secret, the-previous-one' }).WHATSAPP_APP_SECRET).toEqual([
    'the-current-secret',
    'the-previous-one',
  ]);
});

it.each([
  ['WHATSAPP_APP_SECRET', ''],
  ['WHATSAPP_APP_SECRET', 'short'],
  ['WHATSAPP_APP_SECRET', 'a-secret-of-the-app,'],
  ['WHATSAPP_APP_SECRET', ',a-secret-of-the-app'],
  ['WHATSAPP_APP_SECRET', 'a-secret-of-the-app,changemechangeme'],
  ['WHATSAPP_APP_SECRET', '                    '],
  ['WHATSAPP_VERIFY_TOKEN', ''],
  ['WHATSAPP_VERIFY_TOKEN', 'short'],
  ['WHATSAPP_VERIFY_TOKEN', '            '],
  ['WHATSAPP_VERIFY_TOKEN', 'a-secret-of-the-app'],
  ['KEYTURN_ADMIN_API_KEY', 'a-secret-of-the-app'],
  ['INGRESS_PORT', '65536'],
  ['INGRESS_PORT', 'http'],
])('refuses %s=%p, and never shows a value', (name, value) => {
  const load = () => loadConfig({ ...env, [name]: value });
  expect(load).toThrow(
    expect.objectContaining({ code: 'config.invalid', message: expect.stringContaining(name) as unknown }) as unknown as Error,
  );
  expect(load).not.toThrow(/a-secret-of/);
});
