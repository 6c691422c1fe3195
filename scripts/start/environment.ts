import { consoleConfig } from '@keyturn/console';
import { AppError } from '@keyturn/contracts';
import { KAFKA_PORT_VARIABLE, POSTGRES_PORT_VARIABLE } from '@keyturn/embedded';
import { gateConfig } from '@keyturn/gate';
import { ingressConfig } from '@keyturn/ingress';
import { adminEnv, envWhole, parseEnv, tracesAskedFor } from '@keyturn/runtime';
import { ConsumerEnv, RelayEnv } from '@keyturn/store';
import { z } from 'zod';

/** Which parts this run brings along. */
export type Embedded = { readonly kafka: boolean; readonly database: boolean };
/** In place of what is brought along, so that nobody misses it. */
const BROUGHT = { KAFKA_BROKERS: 'brought.along:1', DATABASE_URL: 'postgres://brought.along/keyturn' };

const embeddedEnv = {
  [KAFKA_PORT_VARIABLE]: envWhole(19_092, 1, 65_535),
  [POSTGRES_PORT_VARIABLE]: envWhole(15_432, 1, 65_535),
};
/** The ports of what is brought along. Throws `config.invalid`. */
export function embeddedPorts(env: NodeJS.ProcessEnv): { readonly kafka: number; readonly postgres: number } {
  const { [KAFKA_PORT_VARIABLE]: kafka, [POSTGRES_PORT_VARIABLE]: postgres } = parseEnv(z.object(embeddedEnv), env);
  return { kafka, postgres };
}

const OtherEnv = z.object({ ...ConsumerEnv.shape, ...RelayEnv.shape, ...adminEnv });
const readers: readonly ((env: NodeJS.ProcessEnv) => unknown)[] = [
  ...[ingressConfig, consoleConfig, gateConfig, embeddedPorts, tracesAskedFor],
  (env) => parseEnv(OtherEnv, env),
];

/** Throws `config.invalid` with every fault that any service would find in its environment, each once, before anything is connected, made or stored. */
export function refuseFaults(env: NodeJS.ProcessEnv, embedded: Embedded): void {
  const { KAFKA_BROKERS, DATABASE_URL } = BROUGHT;
  const given = { ...env, ...(embedded.kafka ? { KAFKA_BROKERS } : {}), ...(embedded.database ? { DATABASE_URL } : {}) };
  const faults = [...new Set(readers.flatMap((read) => faultsFoundBy(read, given)))];
  if (faults.length > 0) throw new AppError('config.invalid', `The environment can't be used. ${faults.join(' ')}`);
}

function faultsFoundBy(read: (env: NodeJS.ProcessEnv) => unknown, env: NodeJS.ProcessEnv): string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { faults } = error.detail as { faults?: { variable: string; problem: string }[] };
    return (
      faults?.map(({ variable, problem }) => `${variable} ${problem}.`) ?? [error.message.replace("The environment can't be used. ", '')]
    );
  }
}
