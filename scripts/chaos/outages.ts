import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import { CONNECTIONS_MAX } from './parts.ts';
import { allGoesOn } from './recovery.ts';

const AWAY_MS = { long: 30_000, short: 4_000 };

const over = ({ line, load, report }: Scene, fault: string) => report(fault, performance.now(), allGoesOn(line, load));
const away = ({ long }: Scene) => pause(long ? AWAY_MS.long : AWAY_MS.short);

/** The only broker dies, and comes back with what it has on disk. */
export const broker: Fault = async (scene) => {
  await scene.parts.killKafka();
  await away(scene);
  await scene.parts.startKafka();
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
