import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BULK_MAX, type BulkDecisionJson, type BulkRehearsedJson, type BulkRowJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { consoleWorld, holdSlice, message, type World } from '../console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
let numbers = 4915700000000;
let ours = 0;
type Seen = { contactId: string; keyHash: string | null; version: number; waId: string };
/** So many who are blocked, on a number of ours of their own. */
async function blocked(count: number): Promise<{ on: string; seen: Seen[] }> {
  const on = `bulk-${ours++}`;
  const waIds = Array.from({ length: count }, () => String(numbers++));
  await world.says(...waIds.flatMap((waId) => [message({ waId, on, at: T, hash: 'A=' }), message({ waId, on, at: T + 60, hash: 'B=' })]));
  const { items } = (await world.call('GET', `/v1/identity-changes?phoneNumberId=${on}&limit=200`)).body;
  const seen = items.map(({ contactId, identity: { keyHash, version }, identifiers }) => ({
    ...{ contactId, keyHash, version },
    waId: identifiers[0]?.value ?? '',
  }));
  expect(seen).toHaveLength(count);
  return { on, seen };
}
const named = (seen: readonly Seen[]) => seen.map(({ waId: _waId, ...change }) => change);
const same = { verdict: 'same_person', reason: 'the carrier swapped SIM cards' } as const;
const post = async <Answer>(path: string, body: object = {}, key?: string) => {
  const { status, body: answer } = await world.call('POST', `/v1/bulk-decisions${path}`, body, key);
  return { status, body: answer as unknown as Answer & typeof answer };
};
const rehearse = async (meant: object): Promise<BulkRehearsedJson> => {
  const { status, body } = await post<BulkRehearsedJson>('', { ...same, ...meant });
  expect(status).toBe(201);
  return body;
};
const run = ({ bulkId, token }: Pick<BulkRehearsedJson, 'bulkId' | 'token'>, key?: string) =>
  post<BulkDecisionJson>(`/${bulkId}/run`, { token }, key);
const progress = async ({ bulkId }: { bulkId: string }) =>
  (await world.call('GET', `/v1/bulk-decisions/${bulkId}`)).body as unknown as BulkDecisionJson;
async function done(bulk: { bulkId: string }): Promise<BulkDecisionJson> {
  await until('the bulk decision is done', async () => (await progress(bulk)).status === 'done');
  return progress(bulk);
}
const rowsOf = async ({ bulkId }: { bulkId: string }, query = '') =>
  (await world.call('GET', `/v1/bulk-decisions/${bulkId}/rows?limit=200${query}`)).body.items as unknown as BulkRowJson[];
const contact = async (contactId: string) => (await world.call('GET', `/v1/contacts/${contactId}`)).body;
const decisionsOn = async (contactId: string) =>
  (await world.pool.query('select decision_id, actor, reason from identity_decision where contact_id = $1', [contactId])).rows;

describe('the dry run', () => {
  it('says what is meant and what of it can’t be decided on, by reason, and decides nothing', async () => {
    const { seen } = await blocked(4);
    const [one, two, three, four] = seen as [Seen, Seen, Seen, Seen];
    await world.call('POST', `/v1/contacts/${two.contactId}/identity/acknowledgements`, { ...same, keyHash: 'B=', version: two.version });
    const nobody = { contactId: '01900000-0000-7000-8000-000000000001', keyHash: null, version: 1 };
    const bulk = await rehearse({ changes: [...named([one, two, { ...three, version: three.version - 1 }, four]), nobody] });
    expect(bulk).toMatchObject({
      ...{ status: 'ready', createdBy: 'key:bootstrap', startedBy: null, filter: null, more: false, verdict: 'same_person' },
      counts: { total: 5, waiting: 2, decided: 0 },
    });
    const reasons = ['moved_on', 'not_blocked', 'not_found'];
    expect(bulk.counts.exceptions.toSorted((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual(
      reasons.map((reason) => ({ reason, count: 1 })),
    );
    expect((await contact(one.contactId)).identity.status).toBe('blocked');
    expect(await rowsOf(bulk)).toMatchObject([
      { place: 1, contactId: one.contactId, keyHash: 'B=', version: one.version, outcome: 'waiting', reason: null },
      { place: 2, outcome: 'exception', reason: 'not_blocked' },
      { place: 3, outcome: 'exception', reason: 'moved_on' },
      { place: 4, outcome: 'waiting' },
      { place: 5, outcome: 'exception', reason: 'not_found' },
    ]);
  });

  it('of a filter is about those who fit it then, and not who comes later', async () => {
    const { on, seen } = await blocked(3);
    const bulk = await rehearse({ filter: { phoneNumberId: on, signal: 'hash' } });
    const late = String(numbers++);
    await world.says(message({ waId: late, on, at: T, hash: 'A=' }), message({ waId: late, on, at: T + 60, hash: 'B=' }));
    expect(bulk).toMatchObject({ counts: { total: 3, waiting: 3 }, filter: { phoneNumberId: on, signal: 'hash' } });
    await run(bulk);
    await done(bulk);
    expect((await rowsOf(bulk)).map(({ contactId }) => contactId)).toEqual(seen.map(({ contactId }) => contactId));
    expect((await world.find(late)).identity.status).toBe('blocked');
  });

  it('takes as many named changes as one decision is about, and no more', async () => {
    const idOf = (i: number) => `01900000-0000-7000-8000-${String(i).padStart(12, '0')}`;
    const changes = Array.from({ length: BULK_MAX }, (_, i) => ({ contactId: idOf(i), keyHash: 'A='.padStart(44, 'A'), version: 1 }));
    expect((await rehearse({ changes })).counts).toMatchObject({ total: BULK_MAX, exceptions: [{ reason: 'not_found', count: BULK_MAX }] });
    const more = await post('', { ...same, changes: [...changes, { contactId: idOf(BULK_MAX), keyHash: null, version: 1 }] });
    expect({ status: more.status, detail: more.body.detail }).toEqual({ status: 422, detail: expect.stringContaining('changes') });
  });

  it.each([
    ['neither changes nor filter', {}, 'changes'],
    ['both', { filter: {}, changes: [{ contactId: '01900000-0000-7000-8000-000000000001', keyHash: null, version: 1 }] }, 'changes'],
    [
      'a contact twice',
      { changes: [1, 2].map((version) => ({ contactId: '01900000-0000-7000-8000-000000000001', keyHash: null, version })) },
      'twice',
    ],
    ['no reason', { filter: {}, reason: ' ' }, 'reason'],
    ['a filter that nobody knows', { filter: { colour: 'red' } }, 'colour'],
  ])('422: %s', async (_what, meant, says) => {
    const { status, body } = await post('', { ...same, ...meant });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
    expect(body.detail).toContain(says);
  });
});

describe('the run', () => {
  it('decides on each as it was seen, in the name of whoever ran it, and says so row by row', async () => {
    const { seen } = await blocked(30);
    const bulk = await rehearse({ changes: named(seen), note: 'case 1', evidenceUrl: 'https://bank.example/1' });
    const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'lead', scopes: ['identity:decide'] })).body;
    expect(await run(bulk, key)).toMatchObject({ status: 202, body: { status: 'running', startedBy: `key:${keyId}` } });
    expect(await done(bulk)).toMatchObject({ counts: { total: 30, waiting: 0, decided: 30, exceptions: [] }, endedAt: expect.any(String) });
    for (const row of await rowsOf(bulk)) {
      expect(row).toMatchObject({ outcome: 'decided', reason: null, newContactId: null, decidedAt: expect.any(String) });
      expect(await decisionsOn(row.contactId)).toEqual([{ decision_id: row.decisionId, actor: `key:${keyId}`, reason: same.reason }]);
      expect((await contact(row.contactId)).identity).toMatchObject({ status: 'clear', keyHash: 'B=' });
    }
    const audit = (await world.call('GET', `/v1/audit?subject=bulk:${bulk.bulkId}`)).body.items as unknown as {
      action: string;
      actor: string;
      status: number | null;
    }[];
    expect(audit[0]).toMatchObject({ action: 'bulkDecisionDone', status: 200 });
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual([
      ['bulkDecisionDone', `key:${keyId}`],
      ['runBulkDecision', `key:${keyId}`],
      ['rehearseBulkDecision', 'key:bootstrap'],
    ]);
    const report = await fetch(`${world.url}/v1/bulk-decisions/${bulk.bulkId}/report`, { headers: { authorization: `Bearer ${key}` } });
    expect(report.status).toBe(403); // what a key may decide it need not read
    const { body } = await world.call('GET', '/v1/bulk-decisions?limit=1');
    expect(body.items).toMatchObject([{ bulkId: bulk.bulkId, status: 'done' }]);
  });

  it('a different person is a new contact, in each row', async () => {
    const { seen } = await blocked(5);
    const bulk = await rehearse({ verdict: 'different_person', changes: named(seen) });
    await run(bulk);
    await done(bulk);
    for (const [i, row] of (await rowsOf(bulk)).entries()) {
      expect(row).toMatchObject({ outcome: 'decided', newContactId: expect.any(String) });
      expect((await world.find(seen[i]?.waId ?? '')).contactId).toBe(row.newContactId);
    }
  });

  it('never decides on what it has not seen: a newer change is an exception and stays blocked, and so is what somebody else decided', async () => {
    const { on, seen } = await blocked(4);
    const [newer, elsewhere, ...rest] = seen as [Seen, Seen, Seen, Seen];
    const bulk = await rehearse({ changes: named(seen) });
    await world.says(message({ waId: newer.waId, on, at: T + 120, hash: 'C=' }));
    const other = { ...same, reason: 'in the branch', keyHash: 'B=', version: elsewhere.version };
    await world.call('POST', `/v1/contacts/${elsewhere.contactId}/identity/acknowledgements`, other);
    await run(bulk);
    expect((await done(bulk)).counts).toMatchObject({ decided: 2, waiting: 0 });
    expect(await rowsOf(bulk, '&outcome=exception')).toMatchObject([
      { contactId: newer.contactId, reason: 'moved_on', decisionId: null },
      { contactId: elsewhere.contactId, reason: 'not_blocked', decisionId: null },
    ]);
    expect((await contact(newer.contactId)).identity).toMatchObject({ status: 'blocked', keyHash: 'C=' });
    expect(await decisionsOn(elsewhere.contactId)).toMatchObject([{ reason: 'in the branch' }]);
    for (const { contactId } of rest) expect((await contact(contactId)).identity.status).toBe('clear');
  });

  it('takes the token of its own dry run alone, once, and while it is young', async () => {
    const { seen } = await blocked(2);
    const [first, second] = [await rehearse({ changes: named(seen) }), await rehearse({ changes: named(seen) })];
    expect(await run({ ...first, token: second.token })).toMatchObject({ status: 409, body: { reason: 'wrong_token' } });
    await world.pool.query('update bulk_decision set expires_at = now() where bulk_id = $1', [second.bulkId]);
    expect((await progress(second)).status).toBe('expired');
    expect(await run(second)).toMatchObject({ status: 409, body: { reason: 'expired' } });
    expect((await run(first)).status).toBe(202);
    await done(first);
    expect(await run(first)).toMatchObject({ status: 202, body: { status: 'done', counts: { decided: 2 } } });
    for (const { contactId } of seen) expect(await decisionsOn(contactId)).toHaveLength(1);
    expect((await run({ bulkId: '01900000-0000-7000-8000-000000000001', token: 'x' })).status).toBe(404);
    const stored = await world.pool.query('select bulk_decision::text as row from bulk_decision');
    expect(JSON.stringify(stored.rows)).not.toContain(first.token);
  });

  it('of two runs over the same changes each change is decided on once', async () => {
    const { seen } = await blocked(20);
    const [first, second] = [await rehearse({ changes: named(seen) }), await rehearse({ changes: named(seen.toReversed()) })];
    await Promise.all([run(first), run(second)]);
    const counts = await Promise.all([done(first), done(second)]);
    expect(counts.reduce((sum, bulk) => sum + bulk.counts.decided, 0)).toBe(20);
    for (const { contactId } of seen) expect(await decisionsOn(contactId)).toHaveLength(1);
  });
});

it('is cancelled where whoever ran it may not decide any more', async () => {
  const { seen } = await blocked(60);
  const bulk = await rehearse({ changes: named(seen) });
  const { key, keyId } = (await world.call('POST', '/v1/keys', { name: 'leaver', scopes: ['identity:decide'] })).body;
  const row = await holdSlice(world, seen[0]?.contactId ?? '');
  await run(bulk, key);
  await row.waiting(1);
  await world.call('DELETE', `/v1/keys/${keyId}`);
  await row.release();
  await until('it is cancelled', async () => (await progress(bulk)).status === 'cancelled');
  const { startedBy, cancelledBy, counts } = await progress(bulk);
  expect([startedBy, cancelledBy]).toEqual([`key:${keyId}`, 'system:bulk']);
  expect(counts.waiting).toBeGreaterThanOrEqual(20); // what it had in hand was forty at the most
  const { items } = (await world.call('GET', `/v1/audit?subject=bulk:${bulk.bulkId}`)).body as unknown as { items: { actor: string }[] };
  expect(items.map(({ actor }) => actor)).toContain('system:bulk');
});

it.each([
  ['goes on while the member who ran it is an operator', 'operator', 'done'],
  ['is cancelled where that member only looks', 'viewer', 'cancelled'],
] as const)('%s', async (_what, role, status) => {
  const wanted = { name: role, email: `${role}@example.org`, role };
  const { member } = (await world.call('POST', '/v1/members', wanted)).body as unknown as { member: { memberId: string } };
  const bulk = await rehearse({ changes: named((await blocked(3)).seen) });
  await world.pool.query(`update bulk_decision set status = 'running', started_by = $2 where bulk_id = $1`, [
    bulk.bulkId,
    `member:${member.memberId}`,
  ]);
  await until('it is over', async () => (await progress(bulk)).endedAt !== null);
  expect((await progress(bulk)).status).toBe(status);
});

it('once cancelled nothing more is decided, not even what was under way', async () => {
  const { seen } = await blocked(60);
  const bulk = await rehearse({ changes: named(seen) });
  const row = await holdSlice(world, seen[0]?.contactId ?? '');
  await run(bulk);
  await row.waiting(1);
  const cancelled = await post<BulkDecisionJson>(`/${bulk.bulkId}/cancel`);
  expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', cancelledBy: 'key:bootstrap' } });
  const decided = (await progress(bulk)).counts.decided;
  await row.release();
  await until('what was under way is taken back', async () => {
    const { rows } = await world.pool.query(
      'select from bulk_decision_row where bulk_id = $1 and outcome is null and taken_until is not null',
      [bulk.bulkId],
    );
    return rows.length === 0;
  });
  expect((await progress(bulk)).counts).toMatchObject({ decided, waiting: 60 - decided });
  expect((await contact(seen[0]?.contactId ?? '')).identity.status).toBe('blocked');
  expect(await run(bulk)).toMatchObject({ status: 409, body: { reason: 'cancelled' } });
  expect((await post(`/${bulk.bulkId}/cancel`)).status).toBe(200);
});

it('the report has a line for each change, under a heading', async () => {
  const { seen } = await blocked(3);
  const bulk = await rehearse({ changes: named(seen) });
  await run(bulk);
  await done(bulk);
  const answer = await fetch(`${world.url}/v1/bulk-decisions/${bulk.bulkId}/report`, {
    headers: { authorization: 'Bearer a-bootstrap-key-for-tests-only' },
  });
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
  const [heading, ...lines] = (await answer.text()).trimEnd().split('\r\n');
  expect(heading).toBe('place,contactId,keyHash,version,outcome,reason,decisionId,newContactId,decidedAt');
  expect(lines.map((line) => line.split(',').slice(0, 5))).toEqual(
    seen.map(({ contactId, version }, i) => [String(i + 1), contactId, 'B=', String(version), 'decided']),
  );
});
