import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntryJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { message } from '../console.fixture.ts';
import { type Asking, askingWorld, says, T } from './asking.fixture.ts';

let world: Asking;
beforeAll(async () => {
  world = await askingWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  world.business.behaviour = 200;
  world.business.script = null;
  await world.rules({});
});

const identityOf = async (contactId: string) => (await world.call('GET', `/v1/contacts/${contactId}`)).body.identity;
const waits = async (contactId: string) =>
  (await world.call('GET', '/v1/identity-changes?limit=200')).body.items.some((one) => one.contactId === contactId);

const auditOf = async (contactId: string) => {
  const { items } = (await world.call('GET', `/v1/audit?subject=contact:${contactId}`)).body as unknown as { items: AuditEntryJson[] };
  return items.map(({ actor, action, status }) => [actor, action, status]);
};

describe('a block that a rule names', () => {
  it('is told to the business, signed, with all that it needs to answer', async () => {
    const { contactId, waId, version } = await world.block();
    const { webhookId, verified, requested, body } = await world.asked(contactId);
    const identity = await identityOf(contactId);
    expect(verified).toBe(true);
    expect(requested).toEqual({
      type: 'identity.verification_requested',
      timestamp: expect.any(String),
      data: {
        requestId: webhookId,
        contactId,
        scope: 'default',
        identifiers: [{ kind: 'wa_id', value: waId, validFrom: null, validTo: null }],
        identity,
        since: identity.blockedAt,
        rule: 'all',
        verdicts: ['same_person'],
        validUntil: new Date(Date.parse(requested.timestamp) + 86_400_000).toISOString(),
        callbackUrl: expect.stringMatching(/^http:\/\/localhost:\d+\/v1\/verification-callbacks\/kv_[0-9a-f]{32}_[\w-]{43}$/),
      },
    });
    expect(requested.data.identity.version).toBe(version);
    expect(requested.data.callbackUrl).not.toContain(waId);
    const { rows } = await world.pool.query('select to_jsonb(v)::text as text from verification v where contact_id = $1', [contactId]);
    expect(rows[0].text).not.toContain(requested.data.callbackUrl.slice(-43));
    expect(body).toContain(waId);
  });

  it('is decided by its answer, through the door of every decision, on the record of the business and its proof', async () => {
    const { contactId, version } = await world.block();
    const { requested } = await world.asked(contactId);
    const { status, body } = await world.business.answer(requested, says('same_person'));
    const proof = { method: 'app_biometric', reference: 'case-7', by: 'bank app 4.2' };
    const decision = { verdict: 'same_person', actor: 'verification:app/all', proof, reason: 'verified by the business: app_biometric' };
    expect([status, body]).toMatchObject([
      200,
      { contactId, verdict: 'same_person', decision, identity: { status: 'clear', version: version + 1 } },
    ]);
    expect(await identityOf(contactId)).toEqual(body.identity);
    const { items } = (await world.call('GET', `/v1/contacts/${contactId}/timeline?limit=1`)).body;
    expect(items).toMatchObject([{ type: 'identity.acknowledged', actor: 'verification:app/all', detail: { decision } }]);
    const { rows } = await world.pool.query('select * from identity_decision where contact_id = $1', [contactId]);
    expect(rows).toMatchObject([{ actor: 'verification:app/all', proof, version }]);
    expect(await world.verifications(contactId)).toMatchObject([{ status: 'answered', version, answer: says('same_person') }]);
    expect(await auditOf(contactId)).toEqual([['verification:app/all', 'answerVerification', 200]]);
  });

  it('takes one answer: the same again is answered the same, another one 409, however many come at once', async () => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    const other = { ...says('same_person'), proof: { ...says('same_person').proof, by: 'somebody else' } };
    const first = await Promise.all(Array.from({ length: 5 }, () => world.business.answer(requested, says('same_person'))));
    expect(first.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    for (const { body } of first) expect(body).toEqual(first[0]?.body);
    expect(await world.business.answer(requested, other)).toMatchObject({
      status: 409,
      body: { reason: 'answered', identity: { status: 'clear' } },
    });
    expect(await world.business.answer(requested, says('not_verified'))).toMatchObject({ status: 409, body: { reason: 'answered' } });
    expect(await world.business.answer(requested, says('same_person'))).toEqual(first[0]);
    const { rows } = await world.pool.query('select 1 from identity_decision where contact_id = $1', [contactId]);
    expect(rows).toHaveLength(1);
  });

  it('of different answers at once one counts', async () => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    const given = await Promise.all(
      (['same_person', 'not_verified', 'same_person', 'not_verified'] as const).map((verdict) =>
        world.business.answer(requested, says(verdict)),
      ),
    );
    const [request] = await world.verifications(contactId);
    const expected = { same_person: 'clear', not_verified: 'blocked', different_person: 'never' }[
      request?.answer?.verdict ?? 'different_person'
    ];
    expect(given.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409]);
    expect((await identityOf(contactId)).status).toBe(expected);
  });

  it('stays blocked and in the queue where the business could not tell', async () => {
    const { contactId, version } = await world.block();
    const { requested } = await world.asked(contactId);
    const { status, body } = await world.business.answer(requested, says('not_verified'));
    expect([status, body]).toMatchObject([200, { verdict: 'not_verified', decision: null, identity: { status: 'blocked', version } }]);
    expect(await waits(contactId)).toBe(true);
    expect(await world.verifications(contactId)).toMatchObject([{ status: 'answered', answer: says('not_verified') }]);
    expect(await auditOf(contactId)).toEqual([['verification:app/all', 'answerVerification', 200]]);
  });

  it('gives the number to somebody new where the rule lets the business say so, and is refused where it does not', async () => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    expect(await world.business.answer(requested, says('different_person'))).toMatchObject({
      status: 422,
      body: { code: 'request.invalid', detail: expect.stringContaining('rule all takes same_person, not_verified') },
    });
    expect((await identityOf(contactId)).status).toBe('blocked');
    await world.rules({
      rules: [{ name: 'both', endpoint: 'app', when: {}, verdicts: ['same_person', 'different_person'], validForMinutes: 5 }],
    });
    const other = await world.block();
    const { requested: second } = await world.asked(other.contactId);
    const { status, body } = await world.business.answer(second, says('different_person'));
    expect([status, body]).toMatchObject([200, { decision: { verdict: 'different_person', newContactId: expect.any(String) } }]);
    expect((await world.find(other.waId)).contactId).not.toBe(other.contactId);
  });

  it.each([
    ['no verdict', { proof: says('same_person').proof }],
    ['no proof', { verdict: 'same_person' }],
    ['an empty proof', { verdict: 'same_person', proof: { method: ' ', reference: 'x', by: 'x' } }],
    ['more than it takes', { ...says('same_person'), force: true }],
  ])('is not decided by an answer with %s', async (_case, answer) => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    expect(await world.business.answer(requested, answer)).toMatchObject({ status: 422 });
    expect((await identityOf(contactId)).status).toBe('blocked');
  });
});

it('whose turn it is shows in the queue: the business’s while it may answer, then an operator’s', async () => {
  const { contactId } = await world.block();
  const inQueue = async (awaits: string) =>
    (await world.call('GET', `/v1/identity-changes?limit=200${awaits}`)).body.items.find((one) => one.contactId === contactId)
      ?.verification ?? null;
  const { requested } = await world.asked(contactId);
  await until('it is delivered', async () => (await world.verifications(contactId))[0]?.status === 'delivered');
  const { requestId, validUntil } = requested.data;
  const asked = { requestId, validUntil, endpoint: 'app', status: 'delivered' };
  expect([await inQueue('&awaits=business'), await inQueue('&awaits=operator'), await inQueue('')]).toEqual([asked, null, asked]);
  await world.business.answer(requested, says('not_verified'));
  const over = { ...asked, status: 'answered' };
  expect([await inQueue('&awaits=business'), await inQueue('&awaits=operator'), await inQueue('')]).toEqual([null, over, over]);
  expect((await world.call('GET', '/v1/identity-changes?awaits=nobody')).status).toBe(422);
});

describe('a request', () => {
  it('is superseded by newer evidence: its callback answers 409 with the state now, and the next is asked no sooner than a minute later', async () => {
    const { contactId, waId, version } = await world.block();
    const { requested } = await world.asked(contactId);
    await world.says(message({ waId, at: T + 120, hash: 'C=' }));
    await until('there is a second request', async () => (await world.verifications(contactId)).length === 2);
    expect(await world.business.answer(requested, says('same_person'))).toMatchObject({
      status: 409,
      body: { code: 'verification.conflict', reason: 'superseded', identity: { status: 'blocked', keyHash: 'C=', version: version + 1 } },
    });
    const [second, first] = await world.verifications(contactId);
    expect([first?.status, second?.status, second?.attempts]).toEqual(['superseded', 'waiting', 0]);
    expect(Date.parse(second?.nextAttemptAt ?? '') - Date.parse(second?.requestedAt ?? '')).toBe(60_000);
    await world.pool.query('update verification set next_attempt_at = now() where request_id = $1', [second?.requestId]);
    const next = await world.asked(contactId, 1);
    expect(await world.business.answer(next.requested, says('same_person'))).toMatchObject({
      status: 200,
      body: { identity: { status: 'clear' } },
    });
  });

  it('decides nothing of what it has not seen, also before it is known to be superseded', async () => {
    const { contactId, waId } = await world.block();
    const { requested } = await world.asked(contactId);
    const client = await world.pool.connect();
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('keyturn verification'), hashtext(current_schema()))`); // nothing is followed
    await world.says(message({ waId, at: T + 120, hash: 'C=' }));
    const answer = await world.business.answer(requested, says('same_person'));
    await client.query('rollback');
    client.release();
    expect(answer).toMatchObject({ status: 409, body: { code: 'identity.conflict', reason: 'moved_on', identity: { keyHash: 'C=' } } });
    expect((await identityOf(contactId)).status).toBe('blocked');
  });

  it('is superseded by an operator, and by the business deciding with its own key', async () => {
    const { contactId, version } = await world.block();
    const { requested } = await world.asked(contactId);
    const { key } = (await world.call('POST', '/v1/keys', { name: 'call centre', scopes: ['identity:decide'] })).body;
    const { proof } = says('same_person');
    const decided = { keyHash: 'B=', version, verdict: 'same_person', reason: 'called back', proof };
    const made = await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decided, key);
    expect([made.status, made.body.decision]).toMatchObject([201, { proof }]);
    await until('the request is superseded', async () => (await world.verifications(contactId))[0]?.status === 'superseded');
    expect(await world.business.answer(requested, says('same_person'))).toMatchObject({
      status: 409,
      body: { reason: 'superseded', identity: { status: 'clear' } },
    });
  });

  it('that nobody answers in time is over, and the person waits in the queue', async () => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    await world.pool.query('update verification set valid_until = now() where contact_id = $1', [contactId]);
    expect(await world.business.answer(requested, says('same_person'))).toMatchObject({
      status: 409,
      body: { reason: 'expired', identity: { status: 'blocked' } },
    });
    await until('it is expired', async () => (await world.verifications(contactId))[0]?.status === 'expired');
    expect(await world.business.answer(requested, says('same_person'))).toMatchObject({ status: 409, body: { reason: 'expired' } });
    expect(await waits(contactId)).toBe(true);
  });

  it.each([
    ['of another request', (token: string) => token.replace(/_[0-9a-f]{32}_/, '_00000000000070008000000000000000_')],
    ['cut off', (token: string) => token.slice(0, -1)],
    ['one character off', (token: string) => `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.slice(-1)}`],
    ['of nobody', () => 'kv_1'],
  ])('is not answered by a token %s', async (_case, change) => {
    const { contactId } = await world.block();
    const { requested } = await world.asked(contactId);
    const token = requested.data.callbackUrl.split('/').at(-1) as string;
    const callbackUrl = requested.data.callbackUrl.replace(token, change(token));
    const answer = await world.business.answer({ ...requested, data: { ...requested.data, callbackUrl } }, says('same_person'));
    expect(answer).toMatchObject({ status: 404, body: { code: 'verification.not_found' } });
    expect((await identityOf(contactId)).status).toBe('blocked');
  });
});
