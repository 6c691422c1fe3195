import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RetainedJson, WebhookCountsJson } from '@keyturn/contracts';
import { changedNumber, consoleWorld, message, reached, type World } from './console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const instant = (seconds: number) => new Date(seconds * 1000).toISOString();
const search = (body: object) => world.call('POST', '/v1/contacts/search', body);

/** The items of a route, page by page. */
async function pages(path: string, limit: number, between?: () => Promise<void>) {
  const all: (typeof body.items)[] = [];
  let { body } = await world.call('GET', `${path}?limit=${limit}`);
  all.push(body.items);
  while (body.nextCursor !== null) {
    await between?.();
    ({ body } = await world.call('GET', `${path}?limit=${limit}&cursor=${body.nextCursor}`));
    all.push(body.items);
  }
  return all;
}

describe('identity changes', () => {
  it('pages have every open change exactly once, oldest first, though others come and go meanwhile', async () => {
    const waIds = Array.from({ length: 7 }, (_, i) => String(4915200000 + i));
    const blockAt = (waId: string, at: number) => world.says(message({ waId, at: at - 60, hash: 'A=' }), message({ waId, at, hash: 'B=' }));
    for (const [i, waId] of waIds.entries()) await blockAt(waId, T + 100 * (i >> 1)); // ties among them
    let more = 0;
    const seen = await pages('/v1/identity-changes', 2, async () => {
      await blockAt(String(4915210000 + more), T - 5000 + more); // before everything that was paged
      more++;
    });
    const items = seen.flat();
    const expected = await Promise.all(waIds.map(async (waId) => (await world.find(waId)).contactId));
    const mine = items.map(({ contactId }) => contactId).filter((contactId) => expected.includes(contactId));
    expect(mine.sort()).toEqual(expected.sort());
    expect(items.map(({ since }) => since)).toEqual(items.map(({ since }) => since).sort());
    expect(seen.every((page) => page.length <= 2)).toBe(true);
  });

  it('an item says who, since when and why; a decided one is gone', async () => {
    const waId = '4915220000';
    await world.says(message({ waId, at: T - 9000, hash: 'A=', name: 'Rania' }), message({ waId, at: T - 8000, hash: 'B=' }));
    const { contactId } = await world.find(waId);
    const open = async () => (await world.call('GET', '/v1/identity-changes?limit=200')).body.items;
    const item = (await open()).find((one) => one.contactId === contactId);
    expect(item).toMatchObject({
      scope: 'default',
      profileName: 'Rania',
      since: instant(T - 8000),
      identifiers: [{ kind: 'wa_id', value: waId, validFrom: null, validTo: null }],
      identity: {
        status: 'blocked',
        keyHash: 'B=',
        blockedAt: instant(T - 8000),
        evidence: [
          { kind: 'hash', keyHash: 'A=' },
          { kind: 'hash', keyHash: 'B=' },
        ],
      },
    });
    const decision = { keyHash: 'B=', version: item?.identity.version, verdict: 'same_person', reason: 'called back' };
    await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision);
    expect((await open()).some((one) => one.contactId === contactId)).toBe(false);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=some', 'limit'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('{"blockedAt":"x"}').toString('base64url')}`, 'cursor'],
    ['status=decided', 'status'],
    ['sort=newest', 'sort'],
  ])('422 names a parameter that can’t be: %s', async (query, named) => {
    const { status, body } = await world.call('GET', `/v1/identity-changes?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
    expect(body.detail).toContain(named);
  });
});

describe('search', () => {
  it('by number in any spelling, now and as of then', async () => {
    await world.says(message({ waId: '5511987654321', at: T, hash: 'A=' }));
    const found = await world.find('551187654321'); // without the ninth digit
    expect(found.identifiers).toMatchObject([{ kind: 'wa_id', value: '5511987654321' }]);
    for (const spelled of ['+55 (11) 98765-4321', '0055 11 8765 4321', '٥٥١١٩٨٧٦٥٤٣٢١', '\u2066+55 11 98765 4321\u2069'])
      expect((await world.find(spelled)).contactId).toBe(found.contactId);
    await world.says(changedNumber(T + 100, '5511987654321', '5511900000001'));
    await world.says(message({ waId: '5511987654321', at: T + 200 }));
    expect((await world.find('5511900000001')).contactId).toBe(found.contactId);
    expect((await world.find('5511987654321')).contactId).not.toBe(found.contactId);
    expect((await world.find('5511987654321', instant(T + 99))).contactId).toBe(found.contactId);
  });

  it('by BSUID, in every namespace that is known: two WABAs, two persons', async () => {
    await world.says(message({ bsuid: 'BS.same', at: T, waba: 'w1' }), message({ bsuid: 'BS.same', at: T, waba: 'w2' }));
    const { items } = (await search({ bsuid: 'BS.same' })).body;
    expect(items).toHaveLength(2);
    expect(new Set(items.map(({ contactId }) => contactId)).size).toBe(2);
  });

  it('by how a name begins, whatever its case, and nothing of it is a pattern', async () => {
    await world.says(
      message({ waId: '4915230000', at: T, name: 'Übel 100% Sure' }),
      message({ waId: '4915230001', at: T, name: 'Übel 100 Other' }),
    );
    const names = async (name: string) => (await search({ name })).body.items.map(({ profileName }) => profileName);
    expect(await names('übel')).toEqual(['Übel 100 Other', 'Übel 100% Sure']);
    expect(await names('ÜBEL 100%')).toEqual(['Übel 100% Sure']);
    expect(await names('bel')).toEqual([]);
    expect(await names('%%')).toEqual([]);
  });

  it('by whatever somebody typed: a number in any spelling, an id, or how a name begins', async () => {
    await world.says(message({ waId: '4915235000', bsuid: 'BS.typed', at: T, name: 'Qamar Typed' }));
    const { contactId } = await world.find('4915235000');
    for (const q of ['+49 152 35000', '٤٩١٥٢٣٥٠٠٠', 'BS.typed', 'qamar t', contactId, contactId.toUpperCase()])
      expect((await search({ q })).body.items.map((item) => item.contactId)).toEqual([contactId]);
    expect((await search({ q: 'nobody at all' })).body.items).toEqual([]);
    expect((await search({ q: '01900000-0000-7000-8000-000000000001' })).body.items).toEqual([]);
  });

  it.each([
    ['nothing', {}, 422, 'exactly one'],
    ['two at once', { waId: '4915', bsuid: 'x' }, 422, 'exactly one'],
    ['what is no number', { waId: '+49 15x' }, 422, 'country code'],
    ['an instant that is none', { waId: '4915', at: 'yesterday' }, 422, 'at'],
    ['what was typed as of then', { q: 'Rania', at: '2026-01-01T00:00:00Z' }, 422, 'at'],
    ['a name as of then', { name: 'Rania', at: '2026-01-01T00:00:00Z' }, 422, 'at'],
    ['no JSON', '{"waId":', 400, 'JSON'],
  ])('refuses %s', async (_what, body, status, says) => {
    const answer = await world.call('POST', '/v1/contacts/search', body);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(says);
  });

  it('nobody is an empty list', async () => {
    expect(await search({ waId: '999999999999' })).toMatchObject({ status: 200, body: { items: [], more: false } });
  });
});

describe('a contact', () => {
  it('says all that is known, and of windows those that are open', async () => {
    const waId = '4915240000';
    const now = Math.floor(Date.now() / 1000);
    await world.says(message({ waId, at: now - 90_000, on: 'P2', hash: 'A=' }), message({ waId, at: now - 60, on: 'P1', name: 'Rania' }));
    const { contactId } = await world.find(waId);
    const { status, body, headers } = await world.call('GET', `/v1/contacts/${contactId}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        ...{
          contactId,
          scope: 'default',
          profileName: 'Rania',
          username: null,
          firstSeenAt: instant(now - 90_000),
          lastSeenAt: instant(now - 60),
        },
        identifiers: [{ kind: 'wa_id', value: waId, validFrom: null, validTo: null }],
        identity: expect.objectContaining({
          status: 'clear',
          keyHash: 'A=',
          keyHashes: [{ phoneNumberId: 'P2', keyHash: 'A=' }],
          evidence: [],
        }),
        consent: expect.objectContaining({
          marketing: { status: 'none', source: null, occurredAt: null },
          utility: expect.objectContaining({ status: 'opted_in' }),
        }),
        serviceWindows: [{ phoneNumberId: 'P1', endsAt: instant(now - 60 + 86_400) }],
        businessBlocked: false,
        businessBlock: null,
      },
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('404 for an id that nobody has', async () => {
    for (const id of ['01900000-0000-7000-8000-000000000001', 'x']) {
      expect(await world.call('GET', `/v1/contacts/${id}`)).toMatchObject({ status: 404, body: { code: 'contact.not_found' } });
      expect(await world.call('GET', `/v1/contacts/${id}/timeline`)).toMatchObject({ status: 404 });
    }
  });
});

it('messages are the statuses of ours and the person’s own, newest first, each once on some page; those of another holder are not', async () => {
  const waId = '4915255000';
  await world.says(message({ waId, at: T, hash: 'A=' }), message({ waId, at: T + 40, on: 'P2', hash: 'A=' }));
  await world.says(
    ...(['sent', 'delivered', 'read'] as const).map((status, i) =>
      reached({ waId, at: T + 10 + 10 * i, wamid: 'wamid.1', status, category: 'utility' }),
    ),
    ...['wamid.2', 'wamid.3'].map((wamid) => reached({ waId, at: T + 10, wamid, status: 'failed', codes: [131026] })),
  );
  const { contactId } = await world.find(waId);
  const expected: object[] = [
    [40, 'received', 'P2', null],
    [30, 'read', 'P1', 'wamid.1'],
    [20, 'delivered', 'P1', 'wamid.1'],
    [10, 'failed', 'P1', 'wamid.3'],
    [10, 'failed', 'P1', 'wamid.2'],
    [10, 'sent', 'P1', 'wamid.1'],
    [0, 'received', 'P1', null],
  ].map(([at, kind, phoneNumberId, wamid]) => ({ at: instant(T + Number(at)), kind, phoneNumberId, wamid }));
  await world.pool.query(
    `insert into gate_decision (decided_at, decision_id, decision, contact_id, phone_number_id, category, door, reasons, shadowed, actor)
     values ($1, gen_random_uuid(), 'deny', $2, 'P1', 'marketing', 'x', '{no_consent}', '{}', 'x'), ($1, gen_random_uuid(), 'allow', $2, 'P1', 'utility', 'x', '{}', '{}', 'x')`,
    [instant(T + 50), contactId],
  );
  const denied = { at: instant(T + 50), kind: 'denied', phoneNumberId: 'P1', category: 'marketing', wamid: null, reasons: ['no_consent'] };
  expected.unshift(denied);
  for (const limit of [1, 2, 7, 50]) expect((await pages(`/v1/contacts/${contactId}/messages`, limit)).flat()).toMatchObject(expected);
  await world.says(changedNumber(T + 100, waId, '4915255001'), reached({ waId, at: T + 200, wamid: 'wamid.other', status: 'sent' }));
  expect((await pages(`/v1/contacts/${contactId}/messages`, 50)).flat()).toMatchObject(expected);
});

it('a timeline has every journal entry exactly once, newest first, page by page', async () => {
  const waId = '4915250000';
  for (const hash of ['A=', 'B=', 'C=', 'D=', 'E='])
    await world.says(message({ waId, at: T + hash.charCodeAt(0), hash, name: `Name ${hash}` }));
  const { contactId } = await world.find(waId);
  const { rows } = await world.pool.query<{ id: string }>(
    `select slice || ':' || contact_id || ':' || version as id from journal where contact_id = $1 order by entry_id desc`,
    [contactId],
  );
  expect(rows.length).toBeGreaterThan(8);
  for (const limit of [1, 3, rows.length]) {
    const seen = await pages(`/v1/contacts/${contactId}/timeline`, limit);
    expect(seen.flat().map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  }
});

it('webhooks are said step by step, with nothing where nobody counted', async () => {
  const step = Math.floor(Date.now() / 300_000) * 300_000;
  const minutesAgo = (minutes: number) => new Date(step - minutes * 60_000);
  await world.pool.query('insert into webhook_count (at, webhooks, counted_to) values ($1, 12, $2), ($2, 0, $3)', [
    minutesAgo(20),
    minutesAgo(15),
    minutesAgo(10),
  ]);
  await world.pool.query('insert into webhook_ours values ($1, 2)', [minutesAgo(20)]);
  const { status, body } = await world.call('GET', '/v1/health/webhooks?over=6h');
  const { steps, countedTo } = body as unknown as WebhookCountsJson;
  expect({ status, countedTo, steps: steps.length }).toEqual({ status: 200, countedTo: minutesAgo(10).toISOString(), steps: 72 });
  expect(steps.filter(({ webhooks }) => webhooks !== null)).toEqual([
    { at: minutesAgo(20).toISOString(), webhooks: 10, complete: true },
    { at: minutesAgo(15).toISOString(), webhooks: 0, complete: true },
  ]);
  expect((await world.call('GET', '/v1/health')).body).toMatchObject({
    webhooks: {
      lastAt: minutesAgo(15).toISOString(),
      countedTo: minutesAgo(10).toISOString(),
      lastHour: 10,
      usualHour: null,
      silence: null,
    },
    concerns: expect.arrayContaining([expect.stringContaining(`not been counted since ${minutesAgo(10).toISOString()}`)]),
  });
  expect(await world.call('GET', '/v1/health/webhooks?over=1y')).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
});

it('says how long what is kept, and what decides it', async () => {
  const { status, body } = await world.call('GET', '/v1/retention');
  const items = body.items as unknown as RetainedJson[];
  const of = (what: string) => items.find((one) => one.what === what);
  expect(status).toBe(200);
  expect(of('webhooks')).toMatchObject({ by: 'topic', name: 'whatsapp.webhooks.v1', days: 7 });
  expect(of('audit')).toMatchObject({ by: 'variable', name: 'AUDIT_KEPT_DAYS', service: 'console', days: 730 });
  expect(of('sent_statuses')).toMatchObject({ by: 'variable', name: 'OUTBOUND_KEPT_DAYS', service: 'contact', days: null, unsetDays: 90 });
  expect(of('state')).toMatchObject({ by: 'topic', days: null, unsetDays: null });
  await world.pool.query(`insert into kept_days values ('outbound_status', 400, now()), ('gate_decision', 30, now())`); // as the services say once they run
  const said = (await world.call('GET', '/v1/retention')).body.items as unknown as RetainedJson[];
  const daysOf = (what: string) => said.find((one) => one.what === what)?.days;
  expect([daysOf('sent_statuses'), daysOf('sent_past_gate'), daysOf('gate_decisions')]).toEqual([400, null, 30]);
});
