import { inbound } from '@keyturn/contracts';
import { partitionOf } from '@keyturn/runtime';
import pg from 'pg';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import { type Plan, twiceSeen } from './people.ts';
import { appliesAgain } from './recovery.ts';

const ATTEMPTS_MAX = 10;

/** Somebody locks two contacts the other way round than the identity consumer, until PostgreSQL tells the consumer to give way. */
export const deadlock: Fault = async (scene) => {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const client = new pg.Client({
      connectionString: scene.parts.databaseUrl,
      options: '-c search_path=chaos',
      application_name: 'crossing',
    });
    await client.connect();
    const gaveWay = await cross(scene, client, neighbours(attempt));
    const endedAt = performance.now();
    await client.end();
    await scene.report('a deadlock', endedAt, appliesAgain(scene.line, 'identity'));
    if (gaveWay) return;
  }
  throw new Error(`of ${ATTEMPTS_MAX} deadlocks the consumer had to give way in none`);
};

/** Two people whose records come in one batch. */
function neighbours(attempt: number): readonly [Plan, Plan] {
  const first = 1_000 * (attempt + 1);
  const place = (index: number) => partitionOf(twiceSeen(index).waId, inbound.partitions);
  let second = first + 1;
  while (place(second) !== place(first)) second += 1;
  return [twiceSeen(first), twiceSeen(second)];
}

/** True: it was the consumer who gave way. */
async function cross({ line, load }: Scene, client: pg.Client, people: readonly [Plan, Plan]): Promise<boolean> {
  const said = (part: number) => load.say(people.flatMap(({ parts }) => parts[part] ?? []));
  await said(0);
  const contactsOf = () =>
    line.query<{ contact_id: string }>(
      `select contact_id from identity_state join identifier_period using (contact_id) where identifier = any($1) order by 1`,
      [people.map(({ waId }) => `w:${waId}`)],
    );
  await until('both are known', async () => (await contactsOf()).length === 2);
  const [lower, upper] = (await contactsOf()).map((row) => row.contact_id);
  const lock = (contactId: string | undefined) => client.query('select from identity_state where contact_id = $1 for update', [contactId]);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const isWaitedFor = async () =>
    (await line.query('select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))', [rows[0]?.pid])).length > 0;
  await client.query("set deadlock_timeout = '5s'"); // the other, with 1 s, is the first to look
  await client.query('begin');
  await lock(upper);
  await said(1);
  for (const plan of people) load.meet(plan);
  await until('the consumer waits', isWaitedFor);
  return lock(lower).then(
    () => true,
    () => false,
  );
}
