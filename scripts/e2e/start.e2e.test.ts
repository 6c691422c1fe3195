import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type AllInOne, allInOne } from './all-in-one.ts';
import { bodyOf, text } from './payload.ts';
import { until } from './until.ts';

let keyturn: AllInOne;
beforeAll(async () => {
  keyturn = await allInOne();
});
afterAll(() => keyturn.remove());

/** What a person's row must be at least, by what was answered 200. */
const answered = new Map<string, Set<string>>();
let people = 0;
/** Writes for new people, each first under one key and then under another, until the process is gone. */
async function writeUntilGone(): Promise<void> {
  for (;;) {
    const waId = `49152090${String(++people).padStart(5, '0')}`;
    answered.set(waId, new Set());
    for (const [seconds, hash] of [
      [0, 'h1'],
      [60, 'h2'],
    ] as const) {
      const status = await keyturn.post(bodyOf([text({ waId }, seconds, hash)])).catch(() => 0);
      if (status === 0) return;
      if (status === 200) answered.get(waId)?.add(hash);
    }
  }
}

/** The link to make the first admin, as far as it was printed: where, and the token. */
const firstAdminLink = () => /^ +(http:\S+)\/first-admin#([\w-]{43})$/m.exec(keyturn.words())?.slice(1);

describe('the all-in-one process', () => {
  it('starts from nothing, and says where everything is', async () => {
    await keyturn.start();
    for (const said of ['Webhook URL', 'Verify token', 'Admin key', 'Kafka', 'Database', 'npm run simulate'])
      expect(keyturn.words()).toContain(said);
    expect(firstAdminLink()).toHaveLength(2);
  });

  it('killed under load, it starts again by itself, misses no answered webhook and applies none twice', async () => {
    const writers = Array.from({ length: 8 }, () => writeUntilGone());
    await until('enough people have written', async () => people >= 150);
    await keyturn.kill();
    await Promise.all(writers);
    await keyturn.start();
    const pool = new pg.Pool({ connectionString: keyturn.run().databaseUrl, options: '-c search_path=keyturn', max: 2 });
    const rowsOf = () =>
      pool.query<{ identifier: string; status: string; version: number }>(
        `select p.identifier, s.status, s.version from identifier_period p join identity_state s using (contact_id) where p.identifier like 'w:49152090%'`,
      );
    const complete = async () => {
      const is = new Map((await rowsOf()).rows.map((row) => [row.identifier.slice(2), row]));
      return [...answered].every(([waId, hashes]) =>
        hashes.has('h2') ? is.get(waId)?.status === 'blocked' : !hashes.has('h1') || is.has(waId),
      );
    };
    await until('every answered webhook is in the state', complete);
    expect(answered.size).toBeGreaterThan(130);
    for (const row of (await rowsOf()).rows)
      expect({ ...row, version: row.version }).toMatchObject(row.status === 'blocked' ? { version: 2 } : { version: 1 });
    const twice = await pool.query(
      `select contact_id, slice, version from journal group by 1, 2, 3 having count(*) > 1
       union all select s.contact_id, 'identity', s.version from identity_state s
       where s.version <> (select count(*) from journal j where j.contact_id = s.contact_id and j.slice = 'identity')`,
    );
    expect(twice.rows).toEqual([]);
    await pool.end();
  });

  it('tells the story of a re-registered number', async () => {
    const { code, words } = await keyturn.script('simulate', 're-registration');
    expect({ code, words }).toMatchObject({ code: 0 });
    for (const said of ['clear', 'blocked', '409', 'identity.acknowledged']) expect(words).toContain(said);
  });

  it.each(['new-customer', 'number-change', 'storm'])('tells the story %s', async (story) => {
    const { code, words } = await keyturn.script('simulate', story);
    expect({ code, words }).toMatchObject({ code: 0 });
  });

  it('prints the link to make the first admin at each start until it was used', async () => {
    const [url, token] = firstAdminLink() ?? [];
    const response = await fetch(`${url}/auth/first-admin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: String(url), 'x-keyturn-request': 'page' },
      body: JSON.stringify({ token, name: 'Huda', email: 'huda@example.org', password: 'seven quiet herons wade' }),
    });
    expect(response.status).toBe(201);
  });

  it('stops cleanly on Ctrl-C, and goes on from there', async () => {
    expect(await keyturn.interrupt()).toBe(0);
    const { readyMs } = await keyturn.start();
    expect(readyMs).toBeGreaterThan(0);
    expect(firstAdminLink()).toBeUndefined();
    expect(await keyturn.interrupt()).toBe(0);
  });
});
