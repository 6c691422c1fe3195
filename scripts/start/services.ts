import { start as startAccount } from '@keyturn/account';
import { start as startConsent } from '@keyturn/consent';
import { start as startConsole } from '@keyturn/console';
import { start as startContact } from '@keyturn/contact';
import { start as startGate } from '@keyturn/gate';
import { start as startIdentity } from '@keyturn/identity';
import { start as startIngress } from '@keyturn/ingress';
import { start as startRelay } from '@keyturn/relay';
import { connectKafka, createLog, kafkaEnv, migrateEnv, parseEnv, type Service } from '@keyturn/runtime';
import { bringUpToDate, databaseEnv, openDatabase } from '@keyturn/store';
import { z } from 'zod';

/** In the order in which they are started: who answers the world comes last. They stop in the reverse order. */
const starts = [startRelay, startContact, startIdentity, startConsent, startAccount, startConsole, startGate, startIngress];

/** Brings schema and topics up to date, once, before the services look at them; with `MIGRATE_ON_START=false` it only looks. */
export async function prepare(env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(z.object({ ...kafkaEnv, ...databaseEnv, ...migrateEnv }), env);
  const database = openDatabase(config, 'start');
  const kafka = connectKafka(config, createLog('start'));
  await bringUpToDate({ database, kafka, config }).finally(() => database.close());
}

/** Starts every service in this process. Where one can't start, those before it are stopped again and its error is thrown. */
export async function startServices(env: NodeJS.ProcessEnv): Promise<Service[]> {
  const running: Service[] = [];
  try {
    for (const start of starts) running.push(await start(env));
    return running;
  } catch (error) {
    await stopServices(running);
    throw error;
  }
}

/** Stops them, the last that was started first. */
export async function stopServices(services: readonly Service[]): Promise<void> {
  for (const service of services.toReversed()) await service.stop();
}
