import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consoleWorld } from '../console.fixture.ts';
import { type Asking, askingWorld } from './asking.fixture.ts';

let world: Asking;
beforeAll(async () => {
  world = await askingWorld();
});
afterAll(() => world.stop());

const endpoint = { name: 'app', url: 'https://verify.bank.example/keyturn' };
const rule = { name: 'all', endpoint: 'app' };

describe('rules', () => {
  it('are in force as they were set, with who, when and why; what was in force stays on record', async () => {
    const before = (await world.call('GET', '/v1/verification-rules')).body as unknown as { version: number };
    const set = await world.rules({ endpoints: [{ ...endpoint, secretVersion: 2 }], reason: 'another app' });
    expect([set.status, set.body]).toEqual([
      200,
      {
        version: before.version + 1,
        endpoints: [{ ...endpoint, secretVersion: 2 }],
        rules: [{ ...rule, when: {}, verdicts: ['same_person'], validForMinutes: 1440 }],
        ...{ reason: 'another app', actor: 'key:bootstrap', setAt: expect.any(String) },
      },
    ]);
    expect((await world.call('GET', '/v1/verification-rules')).body).toEqual(set.body);
    const { rows } = await world.pool.query('select version, actor from verification_rules order by version');
    expect(rows).toEqual(rows.map((_, i) => ({ version: i + 1, actor: 'key:bootstrap' })));
    expect(JSON.stringify(set.body)).not.toContain('whsec_');
  });

  it('that somebody else set meanwhile are not overwritten: of several at once one is taken, the others see it', async () => {
    const { version } = (await world.call('GET', '/v1/verification-rules')).body as unknown as { version: number };
    const wanted = { version, reason: 'a race', endpoints: [], rules: [] };
    const all = await Promise.all(Array.from({ length: 5 }, () => world.call('PUT', '/v1/verification-rules', wanted)));
    expect(all.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(all.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'verification.conflict',
      reason: 'moved_on',
      present: { version: version + 1 },
    });
  });

  it.each([
    ['plain http', { endpoints: [{ ...endpoint, url: 'http://verify.bank.example/' }] }, 'endpoints.0.url: must be https'],
    ['this machine', { endpoints: [{ ...endpoint, url: 'https://127.0.0.1/' }] }, 'endpoints.0.url: must be a public address'],
    ['a cloud’s metadata', { endpoints: [{ ...endpoint, url: 'https://169.254.169.254/' }] }, 'endpoints.0.url: must be a public address'],
    ['a number for an address', { endpoints: [{ ...endpoint, url: 'https://2130706433/' }] }, 'endpoints.0.url: must be a public address'],
    ['IPv6 of this machine', { endpoints: [{ ...endpoint, url: 'https://[::1]/' }] }, 'endpoints.0.url: must be a public address'],
    ['a password in the URL', { endpoints: [{ ...endpoint, url: 'https://a:b@bank.example/' }] }, 'endpoints.0.url'],
    ['another scheme', { endpoints: [{ ...endpoint, url: 'file:///etc/passwd' }] }, 'endpoints.0.url'],
    ['two endpoints of one name', { endpoints: [endpoint, endpoint] }, 'endpoints.1.name: another one is called app'],
    ['two rules of one name', { rules: [rule, rule] }, 'rules.1.name: another one is called all'],
    ['an endpoint that is not there', { rules: [{ ...rule, endpoint: 'branch' }] }, 'rules.0.endpoint: no endpoint is called branch'],
    ['evidence that there is not', { rules: [{ ...rule, when: { evidence: ['gut_feeling'] } }] }, 'rules.0.when.evidence.0'],
    ['no verdict', { rules: [{ ...rule, verdicts: [] }] }, 'rules.0.verdicts'],
    ['a verdict twice', { rules: [{ ...rule, verdicts: ['same_person', 'same_person'] }] }, 'rules.0.verdicts: names something twice'],
    ['a callback without an end', { rules: [{ ...rule, validForMinutes: 43_201 }] }, 'rules.0.validForMinutes'],
    ['no reason', { reason: '  ' }, 'reason: say why'],
  ])('with %s are refused, and the field is named', async (_case, change, detail) => {
    const { status, body } = await world.rules(change as object);
    expect([status, (body as { detail: string }).detail]).toEqual([422, expect.stringContaining(detail)]);
  });

  it('are for admins alone, and so are secrets; requests are for readers', async () => {
    const { key } = (await world.call('POST', '/v1/keys', { name: 'all but admin', scopes: ['read', 'identity:decide'] })).body;
    for (const [method, path, status] of [
      ['GET', '/v1/verification-rules', 403],
      ['PUT', '/v1/verification-rules', 403],
      ['GET', '/v1/verification-endpoints/app/secret', 403],
      ['GET', '/v1/verifications', 200],
    ] as const) {
      expect([method, path, (await world.call(method, path, method === 'PUT' ? {} : undefined, key)).status]).toEqual([
        method,
        path,
        status,
      ]);
      expect((await world.call(method, path, method === 'PUT' ? {} : undefined, null)).status).toBe(401);
    }
  });
});

it('the secret of an endpoint is another one for each version, and of no endpoint there is none', async () => {
  const secretOf = async (secretVersion: number) => {
    await world.rules({ endpoints: [{ ...endpoint, secretVersion }] });
    return (await world.call('GET', '/v1/verification-endpoints/app/secret')).body as unknown;
  };
  const [one, two] = [await secretOf(1), await secretOf(2)];
  expect(one).toEqual({ endpoint: 'app', secretVersion: 1, secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) });
  expect(two).not.toMatchObject({ secret: (one as { secret: string }).secret });
  expect(await world.call('GET', '/v1/verification-endpoints/nobody/secret')).toMatchObject({ status: 404 });
  expect(await world.call('GET', '/v1/verifications/00000000-0000-7000-8000-000000000000')).toMatchObject({ status: 404 });
});

it('requests are listed by status and by contact, newest first, a page at a time', async () => {
  await world.rules({ endpoints: [{ name: 'app', url: world.business.url }] });
  const people = [await world.block(), await world.block(), await world.block()];
  for (const { contactId } of people) await world.asked(contactId);
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await world.call('GET', `/v1/verifications?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    listed.push(...body.items.map(({ contactId }) => contactId));
    cursor = body.nextCursor;
  }
  expect(listed).toEqual(people.map(({ contactId }) => contactId).reverse());
  expect((await world.call('GET', '/v1/verifications?status=expired')).body.items).toEqual([]);
  expect((await world.call('GET', '/v1/verifications?status=lost')).status).toBe(422);
});

it('a console without a key asks nobody, and says so', async () => {
  const keyless = await consoleWorld();
  try {
    const rules = { version: 0, endpoints: [], rules: [], reason: 'a test' };
    for (const answer of [
      await keyless.call('PUT', '/v1/verification-rules', rules),
      await keyless.call('POST', '/v1/verification-callbacks/kv_1', {}, null),
      await keyless.call('GET', '/v1/verification-endpoints/app/secret'),
    ]) {
      expect(answer).toMatchObject({
        status: 409,
        body: { code: 'verification.off', detail: expect.stringContaining('KEYTURN_VERIFICATION_KEY') },
      });
    }
    expect((await keyless.call('GET', '/v1/verification-rules')).body).toMatchObject({ version: 0, rules: [] });
  } finally {
    await keyless.stop();
  }
});
