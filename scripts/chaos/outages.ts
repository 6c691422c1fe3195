import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import type { Line } from './line.ts';
import { decideOn } from './operator.ts';
import { CONNECTIONS_MAX } from './parts.ts';
import { cameBack, type Plan } from './people.ts';
import { allGoesOn } from './recovery.ts';

const AWAY_MS = { long: 30_000, short: 4_000 };

const over = ({ line, load, report }: Scene, fault: string) => report(fault, performance.now(), allGoesOn(line, load));
const away = ({ long }: Scene) => pause(long ? AWAY_MS.long : AWAY_MS.short);

/** How many rows of the outbox did not go out so far. */
const failedRows = async (line: Line): Promise<number> =>
  Number(/^keyturn_outbox_rows_total\{outcome="failed"\} (\d+)$/m.exec(await line.service('relay').metrics())?.[1] ?? 0);

/** Decides on somebody, and waits until the relay has tried in vain to tell of it. */
async function decideUntold({ line, load }: Scene, plan: Plan): Promise<void> {
  const before = await failedRows(line);
  await decideOn(line, load.ledger, plan);
  await until('the relay has tried to tell of it', async () => (await failedRows(line)) > before);
}

/** The only broker dies, and comes back with what it has on disk. Somebody is decided on meanwhile, which needs no broker: that is told then. */
export const broker: Fault = async (scene) => {
  const { line, load, parts } = scene;
  const plan = cameBack('away');
  await load.say(plan.parts.flat());
  load.meet(plan);
  const blocked = `select from identity_state join identifier_period using (contact_id) where identifier = $1 and status = 'blocked'`;
  await until('who came back is blocked', async () => (await line.query(blocked, [`w:${plan.waId}`])).length > 0);
  await parts.killKafka();
  await Promise.all([away(scene), decideUntold(scene, plan)]);
  await parts.startKafka();
  await over(scene, 'the broker was away');
};

/** PostgreSQL goes down under everybody, and comes back. */
export const database: Fault = async (scene) => {
  await scene.parts.stopPostgres();
  await away(scene);
  await scene.parts.startPostgres();
  await over(scene, 'PostgreSQL was away');
};

/** Somebody else has all connections of PostgreSQL, and those of the line were ended. */
export const connections: Fault = async (scene) => {
  const held: pg.Client[] = [];
  const open = async () => {
    const client = new pg.Client({ connectionString: scene.parts.databaseUrl, application_name: 'greedy' });
    client.on('error', () => {});
    await client.connect();
    held.push(client);
  };
  await open();
  const [first] = held as [pg.Client];
  const ofTheLine = async () => {
    await first.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'keyturn-%'");
    await Promise.allSettled(Array.from({ length: CONNECTIONS_MAX - held.length }, open));
    const { rowCount } = await first.query("select from pg_stat_activity where application_name like 'keyturn-%'");
    return rowCount;
  };
  await until('no connection is left', async () => (await ofTheLine()) === 0);
  await away(scene);
  await Promise.all(held.map((client) => client.end()));
  await over(scene, 'all connections were taken');
};
