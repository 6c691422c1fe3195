import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IdentityChangeCountsJson, IdentityChangeJson } from '@keyturn/contracts';
import { dueWhereMissed, sortInDue } from '@keyturn/store';
import { changedNumber, consoleWorld, message, reached, type World } from '../console.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

const HOUR = 3_600;
const NOW = Math.floor(Date.now() / 1_000);
/** The full hour two days ago. */
const T = Math.floor(NOW / HOUR) * HOUR - 48 * HOUR;
let numbers = 20_100_000_000;
type Spoken = { waId?: string; on?: string; at?: number };
/** Somebody whose second hash on a number of ours came at `at`. */
async function blocked({ waId = String(numbers++), on = 'P1', at = T }: Spoken = {}): Promise<string> {
  await world.says(message({ waId, on, at: at - 60, hash: 'A=' }), message({ waId, on, at, hash: 'B=' }));
  return (await world.find(waId)).contactId;
}
const get = async <Answer>(path: string) => (await world.call('GET', path)).body as unknown as Answer;
const counts = () => get<IdentityChangeCountsJson>('/v1/identity-changes/counts');
type Page = { items: IdentityChangeJson[]; nextCursor: string | null };
async function listed(query: string, limit = 2): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const { items, nextCursor } = await get<Page>(`/v1/identity-changes?limit=${limit}&${query}${cursor}`);
    ids.push(...items.map(({ contactId }) => contactId));
    if (nextCursor === null) return ids;
    cursor = `&cursor=${nextCursor}`;
  }
}
async function acknowledge(contactId: string): Promise<void> {
  const { identity } = (await world.call('GET', `/v1/contacts/${contactId}`)).body;
  const decision = { keyHash: identity.keyHash, version: identity.version, verdict: 'same_person', reason: 'called back' };
  expect((await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, decision)).status).toBe(201);
}
beforeEach(async () => {
  for (const contactId of await listed('', 200)) await acknowledge(contactId);
});

describe('each filter finds those that fit, and no others', () => {
  it('signal, number of ours, consent at stake, and all of them at once', async () => {
    const byHash = await blocked();
    const onOther = await blocked({ on: 'P2', at: T + 60 });
    const [before, after] = [String(numbers++), String(numbers++)];
    await world.says(message({ waId: before, at: T, hash: 'A=' }), changedNumber(T + 120, before, after));
    const moved = (await world.find(after)).contactId;
    const refusedTo = String(numbers++);
    await world.says(reached({ waId: refusedTo, at: T + 180, wamid: 'wamid.refused', status: 'failed', codes: [137000] }));
    const refused = (await world.find(refusedTo)).contactId;
    expect(await listed('')).toEqual([byHash, onOther, moved, refused]);
    expect(await listed('signal=hash')).toEqual([byHash, onOther]);
    expect(await listed('signal=number_change')).toEqual([moved]);
    expect(await listed('signal=mismatch')).toEqual([refused]);
    expect(await listed('phoneNumberId=P2')).toEqual([onOther]);
    expect(await listed('phoneNumberId=P1')).toEqual([byHash, refused]);
    expect(await listed('stake=utility')).toEqual([byHash, onOther]);
    expect(await listed('stake=marketing')).toEqual([]);
    expect(await listed('signal=hash&phoneNumberId=P2&stake=utility&awaits=operator')).toEqual([onOther]);
    expect(await listed('signal=mismatch&stake=utility')).toEqual([]);
  });

  it('age, alone and beside another', async () => {
    const [old, young] = [await blocked({ at: NOW - 5 * HOUR }), await blocked({ at: NOW - 30 * 60 })];
    expect(await listed('olderThan=4h')).toEqual([old]);
    expect(await listed('olderThan=15m')).toEqual([old, young]);
    expect(await listed('olderThan=4h&signal=hash')).toEqual([old]);
    expect(await listed('olderThan=1d&signal=hash')).toEqual([]);
  });

  it('an opt-out that comes in later takes a change out of what is at stake', async () => {
    const waId = String(numbers++);
    const contactId = await blocked({ waId });
    expect(await listed('stake=utility')).toEqual([contactId]);
    await world.says({ ...message({ waId, at: T + 60, hash: 'B=' }), optOut: 'keyword' });
    const consent = (await world.find(waId)).consent;
    const stakes = Object.entries(consent).flatMap(([category, { status }]) => (status === 'opted_in' ? [category] : []));
    for (const category of ['utility', 'authentication', 'service', 'marketing'])
      expect(await listed(`stake=${category}`)).toEqual(stakes.includes(category) ? [contactId] : []);
  });

  it.each([
    ['signal=red', 'signal'],
    ['olderThan=4', 'olderThan'],
    ['stake=money', 'stake'],
    ['group=x', 'group'],
    ['phoneNumberId=', 'phoneNumberId'],
  ])('422 names what can’t be: %s', async (query, named) => {
    const { status, body } = await world.call('GET', `/v1/identity-changes?${query}`);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'request.invalid' });
    expect(body.detail).toContain(named);
  });
});

describe('pages of a filter', () => {
  it('have each change that stays exactly once, in the order of the queue, though others come and go', async () => {
    const stay: string[] = [];
    for (let i = 0; i < 7; i++) stay.push(await blocked({ at: T + 10 * (i >> 1) }));
    const goes = await blocked({ at: T + 15 });
    const seen: string[] = [];
    for (let cursor = '', turn = 0; ; turn++) {
      const { items, nextCursor } = await get<Page>(`/v1/identity-changes?limit=2&signal=hash${cursor}`);
      seen.push(...items.map(({ contactId }) => contactId));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
      await blocked({ at: T - 10 - turn }); // before all that was paged
      if (turn === 0) await acknowledge(goes);
    }
    expect(seen.filter((id) => stay.includes(id))).toHaveLength(7);
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen)).toEqual(new Set(stay));
  });
});

describe('a storm', () => {
  /** So many whose numbers begin alike, minute after minute. */
  async function many(count: number, prefix: string, at: number, on = 'P1'): Promise<string[]> {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) ids.push(await blocked({ waId: `${prefix}${String(numbers++).slice(-7)}`, at: at + 60 * i, on }));
    return ids;
  }

  it('is one group: what they share, how many, since when; it opens, and grows under the same name', async () => {
    const storm = await many(10, '96650', T + 3_300); // over the end of an hour
    await many(9, '96655', T + 3_300);
    await many(3, '96650', T + 3_300, 'P2');
    const [later] = await many(1, '96650', T + 12 * HOUR);
    const { groups } = await counts();
    expect(groups).toEqual([
      {
        group: expect.any(String),
        count: 10,
        since: new Date((T + 3_300) * 1_000).toISOString(),
        newestAt: new Date((T + 3_300 + 540) * 1_000).toISOString(),
        ...{ signal: 'hash', phoneNumberId: 'P1', numberPrefix: '96650' },
      },
    ]);
    const group = groups[0]?.group;
    expect(group).not.toMatch(/96650/);
    expect(await listed(`group=${group}`)).toEqual(storm);
    const more = await many(4, '96650', T + 3 * HOUR);
    expect((await counts()).groups).toMatchObject([{ group, count: 14 }]);
    expect(await listed(`group=${group}`, 3)).toEqual([...storm, ...more]);
    expect(await listed(`group=${group}`)).not.toContain(later);
    for (const contactId of storm.slice(0, 6)) await acknowledge(contactId);
    expect((await counts()).groups).toEqual([]);
    expect(await listed(`group=${group}`)).toEqual([...storm.slice(6), ...more]);
  });
});

describe('counts', () => {
  const consistent = async () => {
    const { open, bySignal, byPhoneNumber, byStake, byAwaits, byAge } = await counts();
    expect(await listed('', 200)).toHaveLength(open);
    for (const { signal, count } of bySignal) expect(await listed(`signal=${signal}`, 200)).toHaveLength(count);
    for (const { phoneNumberId, count } of byPhoneNumber)
      expect(await listed(`phoneNumberId=${encodeURIComponent(phoneNumberId)}`, 200)).toHaveLength(count);
    for (const { stake, count } of byStake) expect(await listed(`stake=${stake}`, 200)).toHaveLength(count);
    for (const { awaits, count } of byAwaits) expect(await listed(`awaits=${awaits}`, 200)).toHaveLength(count);
    for (const { olderThan, count } of byAge) expect(await listed(`olderThan=${olderThan}`, 200)).toHaveLength(count);
    return open;
  };

  it('are those of the pages, whatever came in, merged, split or was decided', async () => {
    for (let round = 0; round < 4; round++) {
      const waId = String(numbers++);
      const bsuid = `BS.counts-${round}`;
      await world.says(message({ bsuid, at: T, hash: 'A=' }), message({ bsuid, at: T + 60, hash: 'B=' })); // blocked by id alone
      await world.says(message({ waId, at: T + 60, hash: 'A=', on: 'P|%' }), message({ waId, at: T + 90, hash: 'B=', on: 'P|%' }));
      await world.says(message({ waId, bsuid, at: T + 120, hash: 'B=' })); // the two are one
      await blocked({ at: NOW - HOUR * (round + 1) - 900 });
      expect(await consistent()).toBeGreaterThan(round);
      if (round % 2 === 1) await acknowledge((await world.find(waId)).contactId);
      await consistent();
    }
  });

  it('nothing is left of them once all is decided, but when that was', async () => {
    await blocked();
    const before = (await counts()).lastDecidedAt ?? '';
    for (const contactId of await listed('', 200)) await acknowledge(contactId);
    const { lastDecidedAt, ...left } = await counts();
    expect(left).toMatchObject({ open: 0, bySignal: [], byPhoneNumber: [], byStake: [], groups: [] });
    const { rows } = await world.pool.query<{ at: Date }>('select max(decided_at) as at from identity_decision');
    expect([lastDecidedAt, String(lastDecidedAt) > before]).toEqual([rows[0]?.at.toISOString(), true]);
    for (const table of ['open_change', 'open_change_facet', 'open_change_count'])
      expect((await world.pool.query(`select from ${table}`)).rowCount).toBe(0);
  });
});

it('what a release that knew no queue left is sorted in, and what it decided is taken out', async () => {
  const [one, two, three] = [await blocked(), await blocked({ at: T + 1 }), await blocked({ at: T + 2 })];
  expect(await listed('signal=hash')).toEqual([one, two, three]);
  await world.pool.query(`delete from open_change_facet where contact_id = $1`, [one]);
  await world.pool.query(
    `update open_change_count c set count = count - 1 where facet in (select unnest(facets) from open_change where contact_id = $1)`,
    [one],
  );
  await world.pool.query(`delete from open_change where contact_id = $1`, [one]);
  await world.pool.query(`update identity_state set status = 'clear', blocked_at = null where contact_id = $1`, [two]);
  expect(await listed('signal=hash')).toEqual([three]);
  expect(await dueWhereMissed(world.pool)).toBe(2);
  while ((await sortInDue(world.pool)) > 0);
  expect(await listed('signal=hash')).toEqual([one, three]);
  expect(await dueWhereMissed(world.pool)).toBe(0);
  await world.pool.query(`update identity_state set status = 'blocked', blocked_at = now() where contact_id = $1`, [two]);
});
