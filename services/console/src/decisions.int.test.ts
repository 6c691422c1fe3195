import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changedNumber, consoleWorld, holdSlice, message, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
let numbers = 4915100000;
/** Somebody who was known by hash A and then wrote with hash B; blocked. */
async function blocked(options: { bsuid?: string } = {}) {
  const waId = String(numbers++);
  const ids = { waId, ...options };
  await world.says(message({ ...ids, at: T, hash: 'A=' }), message({ ...ids, at: T + 60, hash: 'B=' }));
  const contact = await world.find(waId);
  return { waId, contactId: contact.contactId as string, contact, version: contact.identity.version as number };
}
const acknowledge = (contactId: string, body: object) => world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, body);
const same = (version: number, keyHash: string | null = 'B=') => ({ keyHash, version, verdict: 'same_person', reason: 'called back' });
const different = (version: number) => ({
  ...same(version),
  verdict: 'different_person',
  note: 'a new holder',
  evidenceUrl: 'https://bank.example/1',
});

describe('same_person', () => {
  it('releases exactly what was seen, and says so everywhere', async () => {
    const { contactId, version } = await blocked();
    const answer = await acknowledge(contactId, same(version));
    expect(answer).toMatchObject({
      status: 201,
      body: {
        contactId,
        decision: { verdict: 'same_person', reason: 'called back', actor: 'key:bootstrap' },
        identity: { status: 'clear', keyHash: 'B=', version: version + 1, evidence: [] },
      },
    });
    expect((await world.call('GET', `/v1/contacts/${contactId}`)).body.identity).toEqual(answer.body.identity);
    const decided = await world.pool.query('select * from identity_decision where contact_id = $1', [contactId]);
    expect(decided.rows).toMatchObject([{ verdict: 'same_person', version, key_hash: 'B=', actor: 'key:bootstrap', new_contact_id: null }]);
    const { items } = (await world.call('GET', `/v1/contacts/${contactId}/timeline?limit=1`)).body;
    expect(items).toMatchObject([
      {
        slice: 'identity',
        type: 'identity.acknowledged',
        actor: 'key:bootstrap',
        cause: { reason: 'called back' },
        detail: { decision: answer.body.decision },
      },
    ]);
    const told = await world.pool.query(
      `select convert_from(value, 'UTF8')::jsonb as event, convert_from(state, 'UTF8')::jsonb as state from outbox
       where key = $1 and topic = 'identity.events.v1' order by position desc limit 1`,
      [contactId],
    );
    expect(told.rows[0]).toMatchObject({
      event: { type: 'identity.acknowledged', version: version + 1, decision: answer.body.decision, before: { status: 'blocked' } },
      state: { version: version + 1, identity: answer.body.identity },
    });
  });

  it('of decisions at once on one version exactly one is taken', async () => {
    const { contactId, version } = await blocked();
    const answers = await Promise.all(Array.from({ length: 6 }, () => acknowledge(contactId, same(version))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({
      code: 'identity.conflict',
      reason: 'not_blocked',
      identity: { status: 'clear', version: version + 1 },
    });
    const { rows } = await world.pool.query('select 1 from identity_decision where contact_id = $1', [contactId]);
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['an older version', -1, 'B='],
    ['another hash', 0, 'A='],
    ['no hash where one is known', 0, null],
  ])('refuses %s, with the state now', async (_what, difference, keyHash) => {
    const { contactId, version, contact } = await blocked();
    const { status, body } = await acknowledge(contactId, same(version + difference, keyHash));
    expect({ status, body }).toMatchObject({ status: 409, body: { reason: 'moved_on', identity: contact.identity } });
    expect((await world.call('GET', `/v1/contacts/${contactId}`)).body.identity).toEqual(contact.identity);
  });
});

describe('different_person', () => {
  it('gives number and ids to a new contact from the change on; each keeps what was said in its time', async () => {
    const { contactId, version, waId } = await blocked({ bsuid: 'BS.different' });
    const { status, body } = await acknowledge(contactId, different(version));
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        contactId,
        decision: { verdict: 'different_person', note: 'a new holder' },
        identity: { keyHash: 'A=', version: version + 1 },
      },
    });
    const { newContactId } = body.decision;
    expect(newContactId).not.toBe(contactId);
    const now = await world.find(waId);
    expect(now).toMatchObject({ contactId: newContactId, identity: { status: 'clear', keyHash: 'B=', evidence: [] } });
    expect(now.identifiers).toEqual([
      { kind: 'bsuid', value: 'BS.different', validFrom: new Date((T + 60) * 1000).toISOString(), validTo: null },
      { kind: 'wa_id', value: waId, validFrom: new Date((T + 60) * 1000).toISOString(), validTo: null },
    ]);
    expect((await world.find(waId, new Date((T + 59) * 1000).toISOString())).contactId).toBe(contactId);
    expect((await world.call('GET', `/v1/contacts/${contactId}`)).body).toMatchObject({ identity: { status: 'clear', keyHash: 'A=' } });
    const decided = await world.pool.query('select * from identity_decision where contact_id = $1', [contactId]);
    expect(decided.rows).toMatchObject([
      { verdict: 'different_person', new_contact_id: newContactId, evidence_url: 'https://bank.example/1' },
    ]);
  });

  it('what comes after it is only the new contact’s, and the slices that follow change no verdict', async () => {
    const { contactId, version, waId } = await blocked();
    const { newContactId } = (await acknowledge(contactId, different(version))).body.decision;
    await world.follow();
    await world.says(message({ waId, at: T + 120, hash: 'B=' }));
    expect(await world.find(waId)).toMatchObject({ contactId: newContactId, identity: { status: 'clear', keyHash: 'B=' } });
    await world.says(message({ waId, at: T + 180, hash: 'C=' }));
    expect(await world.find(waId)).toMatchObject({ contactId: newContactId, identity: { status: 'blocked', keyHash: 'C=' } });
    const old = (await world.call('GET', `/v1/contacts/${contactId}`)).body;
    expect(old).toMatchObject({ identity: { status: 'clear', keyHash: 'A=' }, consent: { utility: { status: 'none' } } });
    expect(old.identifiers.every(({ validTo }: { validTo: string | null }) => validTo !== null)).toBe(true);
  });

  it('of decisions at once, whatever their verdicts, exactly one is taken, and nothing of the others stays', async () => {
    for (let round = 0; round < 5; round++) {
      const { contactId, version, waId } = await blocked({ bsuid: `BS.race-${round}` });
      const answers = await Promise.all(
        [different(version), same(version), different(version), same(version)].map((body) => acknowledge(contactId, body)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
      const taken = answers.find(({ status }) => status === 201)?.body.decision;
      const holder = await world.find(waId);
      expect(holder.contactId).toBe(taken?.newContactId ?? contactId);
      expect(holder.identity).toMatchObject({ status: 'clear', keyHash: 'B=' });
      const splits = await world.pool.query('select 1 from directory_split where carried @> array[$1]', [`w:${waId}`]);
      expect(splits.rows).toHaveLength(taken?.newContactId ? 1 : 0);
    }
  });

  it('of a newer change that comes in just before it, nothing is decided and nothing split', async () => {
    const { contactId, version, waId } = await blocked();
    const row = await holdSlice(world, contactId);
    const newer = world.says(message({ waId, at: T + 120, hash: 'C=' }));
    await row.waiting(1);
    const decision = acknowledge(contactId, different(version));
    await row.waiting(2);
    await row.release();
    await newer;
    expect(await decision).toMatchObject({ status: 409, body: { reason: 'moved_on', identity: { keyHash: 'C=', version: version + 1 } } });
    expect(await world.find(waId)).toMatchObject({ contactId, identity: { status: 'blocked', keyHash: 'C=' } });
    for (const table of ['directory_split where carried @> array[$1]', 'identity_decision where contact_id::text = $1'])
      expect((await world.pool.query(`select 1 from ${table}`, [table.startsWith('dir') ? `w:${waId}` : contactId])).rowCount).toBe(0);
  });

  it('of a newer change that waited for it, the new contact is blocked', async () => {
    const { contactId, version, waId } = await blocked();
    const row = await holdSlice(world, contactId);
    const decision = acknowledge(contactId, different(version));
    await row.waiting(1);
    const newer = world.says(message({ waId, at: T + 120, hash: 'C=' }));
    await row.waiting(2);
    await row.release();
    await newer;
    const { status, body } = await decision;
    expect(status).toBe(201);
    expect(await world.find(waId)).toMatchObject({ contactId: body.decision.newContactId, identity: { status: 'blocked', keyHash: 'C=' } });
    expect((await world.call('GET', `/v1/contacts/${contactId}`)).body.identity).toMatchObject({ status: 'clear', keyHash: 'A=' });
  });

  it('a new BSUID stays the new person’s own, the old one with the old', async () => {
    const waId = String(numbers++);
    await world.says(message({ waId, bsuid: 'BS.before', at: T, hash: 'A=' }));
    await world.says(message({ waId, bsuid: 'BS.after', at: T + 60, hash: 'B=' }));
    const { contactId, identity } = await world.find(waId);
    expect(identity.evidence.map(({ kind }) => kind).sort()).toEqual(['bsuid', 'hash', 'hash']);
    const { decision } = (await acknowledge(contactId, different(identity.version))).body;
    await world.follow();
    const [then, now] = await Promise.all([contactId, decision.newContactId].map((id) => world.call('GET', `/v1/contacts/${id}`)));
    expect(then?.body).toMatchObject({ identity: { status: 'clear', keyHash: 'A=' } });
    expect(now?.body).toMatchObject({ identity: { status: 'clear', keyHash: 'B=' } });
    expect(then?.body.identifiers).toContainEqual({ kind: 'bsuid', value: 'BS.before', validFrom: null, validTo: null });
    expect(now?.body.identifiers).toContainEqual({ kind: 'bsuid', value: 'BS.after', validFrom: null, validTo: null });
  });

  it('after a reported number change, the new number is somebody else’s and nobody is blocked', async () => {
    const [before, after] = [String(numbers++), String(numbers++)];
    await world.says(message({ waId: before, at: T, hash: 'A=' }));
    await world.says(changedNumber(T + 60, before, after));
    const { contactId, identity } = await world.find(after);
    expect(identity).toMatchObject({ status: 'blocked', keyHash: null, evidence: [{ kind: 'number_change' }] });
    const { status, body } = await acknowledge(contactId, { ...different(identity.version), keyHash: null });
    expect({ status, body }).toMatchObject({ status: 201, body: { contactId } });
    await world.follow();
    await world.says(message({ waId: after, at: T + 120, hash: 'Z=' }));
    expect(await world.find(after)).toMatchObject({ contactId: body.decision.newContactId, identity: { status: 'clear', keyHash: 'Z=' } });
    const old = (await world.call('GET', `/v1/contacts/${contactId}`)).body;
    expect(old).toMatchObject({
      identity: { status: 'clear', keyHash: 'A=' },
      identifiers: [{ value: before, validTo: new Date((T + 60) * 1000).toISOString() }],
    });
  });

  it('an id that was first needed by the new person stays with the new person; the old one gets another', async () => {
    const waId = String(numbers++);
    await world.says(message({ waId, at: T + 60, hash: 'B=' }));
    await world.says(message({ waId, at: T, hash: 'A=' })); // the older one came last
    const { contactId, identity } = await world.find(waId);
    expect(identity).toMatchObject({ status: 'blocked', keyHash: 'B=' });
    const { status, body } = await acknowledge(contactId, different(identity.version));
    expect({ status, body }).toMatchObject({ status: 201, body: { decision: { newContactId: contactId }, identity: { keyHash: 'A=' } } });
    expect(body.contactId).not.toBe(contactId);
    expect(await world.find(waId)).toMatchObject({
      contactId,
      identity: { status: 'clear', keyHash: 'B=', version: identity.version + 1 },
    });
    expect((await world.find(waId, new Date(T * 1000).toISOString())).contactId).toBe(body.contactId);
  });

  it('of whom nothing is known from before, the contact is the new person', async () => {
    const waId = String(numbers++);
    const failed = { ...message({ waId, at: T }), type: 'status.reported', subject: 'delivery', status: 'failed', errorCodes: [137000] };
    await world.says(failed as never);
    const { contactId, identity } = await world.find(waId);
    expect(identity).toMatchObject({ status: 'blocked', keyHash: null });
    const { status, body } = await acknowledge(contactId, { ...different(identity.version), keyHash: null });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { contactId, decision: { newContactId: contactId }, identity: { status: 'unknown' } },
    });
    await world.says(message({ waId, at: T + 60, hash: 'B=' }));
    expect(await world.find(waId)).toMatchObject({ contactId, identity: { status: 'clear', keyHash: 'B=' } });
  });

  it('versions of what is told have no gaps, on either side', async () => {
    const { contactId, version } = await blocked();
    const { newContactId } = (await acknowledge(contactId, different(version))).body.decision;
    await world.follow();
    for (const topic of ['identity.events.v1', 'contact.events.v1']) {
      for (const key of [contactId, newContactId]) {
        const { rows } = await world.pool.query<{ version: number }>(
          `select (convert_from(value, 'UTF8')::jsonb->>'version')::int as version from outbox where key = $1 and topic = $2 order by position`,
          [key, topic],
        );
        expect(rows.map((row) => row.version)).toEqual(rows.map((_, i) => i + 1));
      }
    }
  });
});

it('a contact that was merged is decided on as its survivor', async () => {
  const waId = String(numbers++);
  await world.says(message({ bsuid: 'BS.merged', at: T, hash: 'A=' }));
  const merged = (await world.call('POST', '/v1/contacts/search', { bsuid: 'BS.merged' })).body.items[0]?.contactId as string;
  await world.says(message({ waId, at: T + 10 }));
  const survivor = (await world.find(waId)).contactId;
  await world.says(message({ waId, bsuid: 'BS.merged', at: T + 60, hash: 'B=' }));
  const { contactId, identity } = await world.find(waId);
  const other = contactId === merged ? survivor : merged;
  expect((await world.call('GET', `/v1/contacts/${other}`)).body.contactId).toBe(contactId);
  const { status, body } = await acknowledge(other, same(identity.version));
  expect({ status, body }).toMatchObject({ status: 201, body: { contactId, identity: { status: 'clear' } } });
  const entries = (await world.call('GET', `/v1/contacts/${contactId}/timeline`)).body.items;
  expect(new Set(entries.map((entry: { contactId: string }) => entry.contactId))).toEqual(new Set([merged, survivor]));
});

it.each([
  ['reason', { reason: ' ' }, 'reason'],
  ['a verdict that nobody knows', { verdict: 'maybe' }, 'verdict'],
  ['a field that nobody knows', { vresion: 3 }, 'vresion'],
  ['an evidence link that is none', { evidenceUrl: 'javascript:alert(1)' }, 'evidenceUrl'],
])('422 names what is wrong: %s', async (_what, wrong, named) => {
  const { status, body } = await acknowledge('01900000-0000-7000-8000-000000000001', { ...same(1), ...wrong });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
  expect(body.detail).toContain(named);
});

it.each(['01900000-0000-7000-8000-000000000001', 'nobody'])('404 for a contact that is not there: %s', async (contactId) => {
  expect(await acknowledge(contactId, same(1))).toMatchObject({ status: 404, body: { code: 'contact.not_found' } });
});
