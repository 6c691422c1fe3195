import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import { type Line, startLine } from './line.ts';
import { bodyOf, text } from './payload.ts';
import { begin, eventsOf, now, replayed } from './replay.fixture.ts';
import { until } from './until.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

it('live webhooks go first: while consumers have much to apply nothing is added, and what comes then stands before the rest', async () => {
  const from = await now(line);
  const bodies = Array.from({ length: 12 }, (_, i) =>
    bodyOf(Array.from({ length: 100 }, (_, j) => text({ waId: `49152${i}${String(j).padStart(6, '0')}` }, 0))),
  );
  for (const body of bodies) expect(await line.post(body)).toBe(200);
  await line.settled();
  const hold = await line.pool.connect();
  await hold.query('begin; lock table keyturn.consumer_offset in share mode'); // nobody applies anything, and anybody may look
  const child = begin(line, '--from', from, '--reason', 'under load', '--rate', '100000', '--json');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (one) => said.push(one));
  let out = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  await until('the replay waits', async () => said.some((one) => /waits, for \w+ has records of whatsapp.inbound.v1 to apply/.test(one)));
  expect(await line.post(bodyOf([text({ waId: '4915111110008' }, 0)]))).toBe(200);
  await hold.query('commit');
  hold.release();
  await once(child, 'close');
  await line.settled();
  const { replayId, events } = JSON.parse(out);
  const records = await line.read(inbound.name);
  const live = Number(records.find(({ value }) => String(value).includes('4915111110008'))?.timestamp);
  const before = records.filter(
    ({ headers, timestamp }) => String(headers?.['replay-id']) === replayId && Number(timestamp) <= live,
  ).length;
  expect([child.exitCode, events]).toEqual([0, 1_200]);
  expect(before).toBeLessThanOrEqual(700); // those that may wait, one chunk, and one more that had looked already
});

it('killed, it goes on where it was: everything is there in the end, and who did what is on record', async () => {
  const from = await now(line);
  for (let i = 0; i < 300; i++) expect(await line.post(bodyOf([text({ waId: `4915300${String(i).padStart(6, '0')}` }, 0)]))).toBe(200);
  const child = begin(line, '--from', from, '--reason', 'to be killed', '--rate', '30');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (one) => said.push(one));
  await until(
    'it is under way',
    async () =>
      (
        await line.query(
          `select from replay_progress join replay using (replay_id) where reason = 'to be killed' and (counts->>'events')::int between 1 and 250`,
        )
      ).length > 0,
  );
  child.kill('SIGKILL');
  await once(child, 'close');
  const id = /--resume (\S+)/.exec(said[0] ?? '')?.[1] ?? '';
  const { code, out } = await replayed(line, '--resume', id, '--by', 'grace', '--rate', '100000', '--json');
  const report = JSON.parse(out);
  expect(code).toBe(0);
  expect(report.webhooks).toBeLessThan(300);
  const mine = (await eventsOf(line, inbound.name)).filter(({ by }) => by === id || by === report.replayId).map(({ event }) => event.id);
  expect(new Set(mine).size).toBe(300);
  const rows = await line.query(
    'select continues, actor, reason, ended_at is null as cut from replay join replay_progress using (replay_id) where replay_id in ($1, $2) order by requested_at',
    [id, report.replayId],
  );
  expect(rows).toEqual([
    { continues: null, actor: 'cli:ada', reason: 'to be killed', cut: true },
    { continues: id, actor: 'cli:grace', reason: 'to be killed', cut: false },
  ]);
  expect(await replayed(line, '--resume', report.replayId)).toMatchObject({ code: 3, err: expect.stringContaining('is left to do') });
});

it('what can no longer be reached ends it, with what to go on with', async () => {
  const from = await now(line);
  expect(await line.post(bodyOf([text({ waId: '4915111110031' }, 0)]))).toBe(200);
  const hold = await line.pool.connect();
  await hold.query('begin; lock table keyturn.consumer_offset in access exclusive mode');
  const cut = replayed(line, '--from', from, '--reason', 'to be cut off');
  const waiting = `from pg_stat_activity where datname = current_database() and application_name = 'keyturn-replay' and wait_event_type = 'Lock'`;
  await until('it asks how far the consumers are', async () => (await line.query(`select ${waiting}`)).length > 0);
  await line.query(`select pg_terminate_backend(pid) ${waiting}`);
  const { code, err } = await cut;
  await hold.query('commit');
  hold.release();
  const [, id] = /Go on with: keyturn replay --resume (\S+)/.exec(err) ?? [];
  expect([code, id]).toEqual([6, expect.any(String)]);
  const rest = await replayed(line, '--resume', id ?? '', '--json');
  expect([rest.code, JSON.parse(rest.out).events]).toEqual([0, 1]);
});
