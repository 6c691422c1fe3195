import type { Database } from '@keyturn/store';
import { loadContacts } from '../growth/load-contacts.ts';
import type { Bench } from '../part.ts';
import { dropDatabase, type Made, makeDatabase, open } from '../parts/databases.ts';
import { type Broker, openBroker } from '../parts/kafka.ts';
import { cpuSeconds, type Running, startProcess } from '../parts/process.ts';

/** The services through which a webhook goes, each a process. */
const lineServices = ['ingress', 'contact', 'identity', 'consent', 'relay'] as const;
export const consumerGroups = ['contact', 'identity', 'consent'] as const;

/** All of them, on a database of their own. */
export type Line = {
  readonly broker: Broker;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly secret: string;
  readonly url: string;
  readonly services: readonly Running[];
  /** Processor seconds so far, by service, Kafka and PostgreSQL. */
  cpu(): Record<string, number>;
  stop(): Promise<void>;
};

const SECRET = 'the-secret-of-the-bench';

/** Starts the line beside so many contacts that it knows. */
export async function startLine({ servers }: Bench, name: string, contacts: number, inspect = false): Promise<Line> {
  const broker = await openBroker(servers.kafka.brokers, `bench-${name}.`);
  const made: Made = await makeDatabase(servers, `bench_${name}`, (database) => loadContacts(database, contacts));
  const database = open(made, 4);
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    KAFKA_PREFIX: broker.prefix,
    DATABASE_URL: made.url,
    WHATSAPP_APP_SECRET: SECRET,
    WHATSAPP_VERIFY_TOKEN: 'the-token-of-the-bench',
  };
  const services: Running[] = [];
  for (const service of [...lineServices].reverse())
    services.unshift(await startProcess({ name: service, main: `services/${service}/src/main.ts`, env, dir: servers.dir, inspect }));
  return {
    broker,
    database,
    databaseUrl: made.url,
    secret: SECRET,
    services,
    url: services[0]?.url ?? '',
    cpu: () => ({
      ...Object.fromEntries(services.map(({ name: service, pid }) => [service, cpuSeconds(pid)])),
      Kafka: cpuSeconds(servers.kafka.pid),
      PostgreSQL: cpuSeconds(servers.postgres.pid),
    }),
    async stop() {
      for (const service of services) await service.stop();
      await database.close();
      await dropDatabase(servers, made);
      await broker.stop();
    },
  };
}
