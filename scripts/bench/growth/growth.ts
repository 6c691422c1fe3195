import { allTopics, inbound } from '@keyturn/contracts';
import { appliedBy } from '../consumers/caught-up.ts';
import { consumerGroups } from '../line/start-line.ts';
import { type Result, ratios } from '../numbers.ts';
import type { Bench, Part } from '../part.ts';
import { dropDatabase, type Made, makeDatabase, open } from '../parts/databases.ts';
import { type Broker, openBroker } from '../parts/kafka.ts';
import { startProcess } from '../parts/process.ts';
import { fillInbound } from '../parts/records.ts';
import { loadContacts } from './load-contacts.ts';

const SIZES = [10_000, 100_000, 1_000_000];
type Place = { readonly contacts: number; readonly made: Made; readonly broker: Broker; readonly micros: number[] };

/** What an event costs all three consumers together, in time, with few and with many contacts in the tables. Known persons are drawn from all that
 *  are there, so with a million of them hardly a page is asked for twice. */
export const growth: Part = async (bench) => {
  const sizes = bench.quick ? SIZES.slice(0, 2) : SIZES;
  const places: Place[] = [];
  for (const contacts of sizes) {
    const startedAt = performance.now();
    const made = await makeDatabase(bench.servers, `bench_${contacts}`, (database) => loadContacts(database, contacts));
    places.push({ contacts, made, broker: await openBroker(bench.servers.kafka.brokers, `bench-${contacts}.`), micros: [] });
    bench.say(`${contacts} contacts are there after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  for (let round = 0; round < (bench.quick ? 1 : 4); round++) {
    for (const place of places) place.micros.push(await slice(bench, place, round));
    bench.say(places.map(({ contacts, micros }) => `${contacts}: ${Math.round(micros.at(-1) ?? 0)} µs`).join('  '));
  }
  for (const { made, broker } of places) {
    await dropDatabase(bench.servers, made);
    await broker.stop();
  }
  return results(places.map(({ contacts, micros }) => ({ contacts, micros: micros.slice(bench.quick ? 0 : 1) }))); // the first warms the caches
};

function results(places: readonly Pick<Place, 'contacts' | 'micros'>[]): Result[] {
  const [smallest] = places;
  const compared = places.slice(1).map(({ contacts, micros }): Result => {
    const name = `cost per event, ${contacts.toLocaleString('en')} : 10,000 contacts`;
    const rounds = ratios(micros, smallest?.micros ?? []);
    return contacts === 1_000_000
      ? { name, unit: '×', rounds, promised: { floor: 1.5, goal: 1.2, most: true } }
      : { name, unit: '×', rounds };
  });
  const each = places.map(
    ({ contacts, micros }): Result => ({ name: `${contacts.toLocaleString('en')} contacts`, unit: 'µs/event', rounds: micros }),
  );
  return [...compared.reverse(), ...each];
}

/** Fills the topic while nobody reads, starts the consumers, and takes the time from when all of them have begun to when all are through. */
async function slice({ servers, quick }: Bench, { contacts, made, broker }: Place, round: number): Promise<number> {
  await broker.make(...allTopics);
  const count = quick ? 20_000 : 40_000;
  await fillInbound(broker, { known: contacts, run: `growth-${round}` }, count, 2_000_000 + round * count);
  const records = await broker.records(inbound);
  const env = { KAFKA_BROKERS: servers.kafka.brokers.join(','), KAFKA_PREFIX: broker.prefix, DATABASE_URL: made.url };
  const database = open(made, 4);
  await database.pool.query('checkpoint');
  const applied = () => Promise.all(consumerGroups.map((group) => appliedBy(database, group)));
  const before = await applied();
  const starting = consumerGroups.map((name) => startProcess({ name, main: `services/${name}/src/main.ts`, env, dir: servers.dir }));
  let begun: { at: number; sum: number } | null = null;
  for (;;) {
    const now = await applied();
    const sum = now.reduce((all, one) => all + one, 0);
    if (begun === null && now.every((one, i) => one > (before[i] ?? 0))) begun = { at: performance.now(), sum };
    if (begun !== null && now.every((one) => one >= records)) {
      const micros = ((performance.now() - begun.at) * 1_000) / ((sum - begun.sum) / consumerGroups.length); // the stop is none of it
      for (const service of await Promise.all(starting)) await service.stop();
      await database.close();
      return micros;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
