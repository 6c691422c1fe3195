import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type KafkaConfig, kafkaEnv, parseEnv } from '@keyturn/runtime';
import { z } from 'zod';
import { storyBroke } from './story-broke.ts';

/** A running keyturn, and what opens its doors. */
export type Instance = {
  readonly ingressUrl: string;
  readonly consoleUrl: string;
  readonly appSecret: string;
  readonly adminKey: string;
  readonly kafka: KafkaConfig;
};

const RunFile = z.object({ ingressUrl: z.url(), consoleUrl: z.url(), brokers: z.string(), prefix: z.string() }).partial();
const SecretsFile = z.object({ WHATSAPP_APP_SECRET: z.string(), KEYTURN_ADMIN_API_KEY: z.string() }).partial();
const DEFAULTS = { ingressUrl: 'http://localhost:8080', consoleUrl: 'http://localhost:8081' };

/** Where to tell the story: as the environment says, else as `npm start` left it in `.keyturn/`. The environment knows `KEYTURN_INGRESS_URL`,
 *  `KEYTURN_CONSOLE_URL`, `WHATSAPP_APP_SECRET`, `KEYTURN_ADMIN_API_KEY` (secrets also as `…_FILE`) and all of `KAFKA_…`. */
export function findInstance(env: NodeJS.ProcessEnv): Instance {
  const dir = path.resolve(env.KEYTURN_EMBEDDED_DIR || path.join(import.meta.dirname, '..', '..', '.keyturn'));
  const run = RunFile.parse(readJson(path.join(dir, 'run.json')));
  const secrets = SecretsFile.parse(readJson(path.join(dir, 'secrets.json')));
  const brokers = env.KAFKA_BROKERS || run.brokers;
  if (brokers === undefined)
    throw storyBroke(`No keyturn runs in ${dir}: run npm start first and leave it running, or set KAFKA_BROKERS to where one does.`);
  const secret = (name: keyof typeof secrets): string => {
    const value = env[name] || fromFile(env[`${name}_FILE`]) || secrets[name];
    if (!value) throw storyBroke(`${name} is not known: set it to what keyturn was started with.`);
    return value;
  };
  return {
    ingressUrl: env.KEYTURN_INGRESS_URL || run.ingressUrl || DEFAULTS.ingressUrl,
    consoleUrl: env.KEYTURN_CONSOLE_URL || run.consoleUrl || DEFAULTS.consoleUrl,
    appSecret: secret('WHATSAPP_APP_SECRET').split(',')[0]?.trim() ?? '',
    adminKey: secret('KEYTURN_ADMIN_API_KEY'),
    kafka: parseEnv(z.object(kafkaEnv), { ...env, KAFKA_BROKERS: brokers, KAFKA_PREFIX: env.KAFKA_PREFIX || run.prefix }),
  };
}

const readJson = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
const fromFile = (file: string | undefined): string | undefined => (file ? readFileSync(file, 'utf8').trim() : undefined);
