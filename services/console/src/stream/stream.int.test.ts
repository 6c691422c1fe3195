import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@keyturn/testkit';
import { ADMIN_KEY, consoleWorld, message, type World } from '../console.fixture.ts';
import { followMoves } from './follow-moves.ts';

let world: World;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.stop());

type Heard = { id: string; event: string; data: { contactId?: string; version?: number; status?: string; openChanges: number } };
/** Listens as a browser does, until told not to. */
async function listen(lastEventId?: string) {
  const controller = new AbortController();
  const heard: Heard[] = [];
  const response = await fetch(`${world.url}/v1/stream`, {
    signal: controller.signal,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
  });
  const read = (async () => {
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const fields = Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/).slice(0, 2)));
        if (fields.event) heard.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
      }
    }
  })().catch(() => {});
  const changesOf = (contactId: string) => heard.filter(({ data }) => data.contactId === contactId);
  const leave = async () => {
    controller.abort();
    await read;
  };
  return { response, heard, changesOf, leave };
}

const block = async (waId: string) => {
  await world.says(message({ waId, at: 1e9, hash: 'A=' }), message({ waId, at: 1e9 + 60, hash: 'B=' }));
  return (await world.find(waId)).contactId;
};

it('tells what moved with how many are open, and as of when that is all; nothing about the person', async () => {
  const stream = await listen();
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  await until('it says as of when', async () => stream.heard.some(({ event }) => event === 'as-of'));
  const contactId = await block('966500000001');
  await until('the block is told', async () => stream.changesOf(contactId).length > 0);
  const { identity } = await world.find('966500000001');
  const [told] = stream.changesOf(contactId);
  expect(told?.data).toEqual({ contactId, version: identity.version, status: 'blocked', openChanges: 1 });
  expect(JSON.stringify(stream.heard)).not.toContain('966500000001');
  await stream.leave();
});

it('whoever was away hears what they missed when they come back with the last id, on whatever replica', async () => {
  const stream = await listen();
  await until('there is an id', async () => stream.heard.length > 0);
  const last = stream.heard.at(-1)?.id;
  await stream.leave();
  const contactId = await block('966500000002');
  const again = await listen(last);
  await until('the missed one is told', async () => again.changesOf(contactId).length > 0);
  await again.leave();
});

it('a move whose transaction ends after a later one is told too, and each once', async () => {
  const look = followMoves(world.pool);
  await look();
  const moved: string[] = [];
  const client = await world.pool.connect();
  const insert = `insert into journal (contact_id, slice, type, version, actor, cause, after, occurred_at, recorded_at)
    values (gen_random_uuid(), 'identity', 'identity.blocked', $1, 'test', '{}', '{"status": "blocked"}', now(), now()) returning contact_id`;
  await client.query('begin');
  const slow = (await client.query<{ contact_id: string }>(insert, [1])).rows[0]?.contact_id;
  const fast = (await world.pool.query<{ contact_id: string }>(insert, [2])).rows[0]?.contact_id;
  const lookOnce = async () => moved.push(...(await look()).moves.map(({ contactId }) => contactId));
  for (let i = 0; i < 3; i++) await lookOnce();
  expect(moved).toEqual([fast]);
  await client.query('commit');
  client.release();
  for (let i = 0; i < 3; i++) await lookOnce();
  expect(moved).toEqual([fast, slow]);
});

it('of more than it tells one by one it says so, and goes on after it', async () => {
  const look = followMoves(world.pool);
  await look();
  const insert = (count: number) =>
    world.pool.query(
      `insert into journal (contact_id, slice, type, version, actor, cause, after, occurred_at, recorded_at)
       select gen_random_uuid(), 'identity', 'identity.blocked', 1, 'test', '{}', '{"status": "blocked"}', now(), now() from generate_series(1, $1)`,
      [count],
    );
  await insert(3_000);
  expect(await look()).toMatchObject({ tooMany: true, moves: [] });
  await insert(2);
  const { tooMany, moves } = await look();
  expect({ tooMany, count: moves.length }).toEqual({ tooMany: false, count: 2 });
});

it('of one caller are 25 at most, and the others have theirs', async () => {
  const { key } = (await world.call('POST', '/v1/keys', { name: 'a loop', scopes: ['read'] })).body;
  const open = (by: string) => {
    const controller = new AbortController();
    const opened = fetch(`${world.url}/v1/stream`, { signal: controller.signal, headers: { authorization: `Bearer ${by}` } });
    return opened.then(({ status }) => ({ status, leave: () => controller.abort() }));
  };
  const many = await Promise.all(Array.from({ length: 26 }, () => open(key)));
  expect(many.filter(({ status }) => status === 503)).toHaveLength(1);
  const other = await open(ADMIN_KEY);
  expect(other.status).toBe(200);
  for (const one of [...many, other]) one.leave();
  await until('there is place again', async () => {
    const again = await open(key);
    again.leave();
    return again.status === 200;
  });
});
