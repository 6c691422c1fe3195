import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { callbackToken, idOfCallback, signedHeaders, webhookSecret } from './webhook-keys.ts';

const ID = '019a1234-5678-7abc-8def-0123456789ab';
const signed = (...secrets: string[]) => signedHeaders(secrets, { id: ID, at: new Date(), body: '{"a":"ü"}' });

describe('a signature', () => {
  it('is one that a public library of Standard Webhooks takes, by each secret, for these bytes alone', () => {
    const [one, other] = [webhookSecret('master', 'app', 2), webhookSecret('master', 'app', 1)];
    const headers = signed(one, other);
    for (const secret of [one, other]) expect(new Webhook(secret).verify('{"a":"ü"}', headers)).toEqual({ a: 'ü' });
    expect(() => new Webhook(one).verify('{"a":"u"}', headers)).toThrow();
    expect(() => new Webhook(one).verify('{"a":"ü"}', { ...headers, 'webhook-id': 'another' })).toThrow();
    expect(() => new Webhook(webhookSecret('master', 'app', 3)).verify('{"a":"ü"}', headers)).toThrow();
  });

  it('has the example of the specification', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' };
    expect(signedHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], message)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

it('each endpoint, version and master key has a secret of its own, always the same, of 32 bytes', () => {
  const secrets = ['m1', 'm2'].flatMap((master) =>
    ['app', 'branch'].flatMap((name) => [1, 2].map((version) => webhookSecret(master, name, version))),
  );
  expect(new Set(secrets).size).toBe(8);
  expect(webhookSecret('m1', 'app', 1)).toBe(secrets[0]);
  for (const secret of secrets) expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
});

describe('a callback token', () => {
  it('names its request to whoever has the key by which it was made, the previous one too', () => {
    expect(idOfCallback(['master'], callbackToken('master', ID))).toBe(ID);
    expect(idOfCallback(['new', 'master'], callbackToken('master', ID))).toBe(ID);
    expect(idOfCallback(['new'], callbackToken('master', ID))).toBeNull();
  });

  it('is of 256 bits, and none of them may differ', () => {
    const token = callbackToken('master', ID);
    const at = 'kv_'.length + 33;
    for (let i = 3; i < token.length - 1; i += 1) {
      const changed = `${token.slice(0, i)}${token[i] === 'a' ? 'b' : 'a'}${token.slice(i + 1)}`;
      if (i === at - 1) continue;
      expect([changed, idOfCallback(['master'], changed)]).toEqual([changed, null]);
    }
    expect(Buffer.from(token.slice(at), 'base64url')).toHaveLength(32);
    for (const other of ['', 'kv_', `${token}A`, token.slice(1), `${token}\n`]) expect(idOfCallback(['master'], other)).toBeNull();
  });
});
