import { z } from 'zod';
import { parseEnv } from './parse-env.ts';

/** `true` or `false`, or what it is where nothing is set. */
export const envFlag = (unset: 'true' | 'false') =>
  z
    .enum(['true', 'false'], { error: "must be 'true' or 'false'" })
    .default(unset)
    .transform((value) => value === 'true');
/** A TCP port from the environment; 0 takes any free one. */
export const envPort = z.coerce
  .number({ error: 'must be a port number' })
  .int('must be a whole number')
  .min(0, 'must be 0 (any free port) to 65535')
  .max(65_535, 'must be 0 (any free port) to 65535');

/** A whole number from the environment, and what it is where none is set. */
export const envWhole = (unset: number, min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be ${min} or more`)
    .max(max, `must be ${max} or less`)
    .default(unset);

/** Where Kafka is and how to get in; spread it into a service's schema. */
export const kafkaEnv = {
  /** `host:port`, comma-separated. */
  KAFKA_BROKERS: z
    .string()
    .transform((value) => value.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => /^\S+:\d{1,5}$/.test(broker)), 'must be host:port, several separated by commas'),
  /** Stands before every topic and group name, so that several installations share one cluster. */
  KAFKA_PREFIX: z
    .string()
    .regex(/^[a-zA-Z0-9.-]{0,100}$/, 'may hold letters, digits, dots and dashes, 100 at most')
    .default(''),
  KAFKA_TLS: envFlag('false'),
  /** PEM. Absent: the system's certificate authorities. */
  KAFKA_TLS_CA: z.string().optional(),
  /** PEM, with `KAFKA_TLS_KEY`: how we show the broker who we are. */
  KAFKA_TLS_CERT: z.string().optional(),
  KAFKA_TLS_KEY: z.string().optional(),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'], { error: "must be 'plain', 'scram-sha-256' or 'scram-sha-512'" })
    .optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  /** Replicas of a new topic. Absent: 3, or as many as there are brokers. */
  KAFKA_REPLICATION: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be 1 or more')
    .max(32_767, 'is too large')
    .optional(),
} as const;
const KafkaConfig = z.object(kafkaEnv);
/** What `parseEnv` makes of `kafkaEnv`. */
export type KafkaConfig = z.infer<typeof KafkaConfig>;
/** How to get at Kafka, for what is no service. Throws `config.invalid` naming every fault. */
export const kafkaConfig = (env: NodeJS.ProcessEnv): KafkaConfig => parseEnv(KafkaConfig, env);

/** Who brings schema and topics to what this release needs; spread it into a service's schema. */
export const migrateEnv = {
  /** `false`: `keyturn migrate` and `keyturn topics --apply` did it before, by their own credentials. The service only looks, and refuses to start where
   *  something is missing. */
  MIGRATE_ON_START: envFlag('true'),
} as const;

/** Where health and metrics are served; spread it into a service's schema. */
export const adminEnv = {
  ADMIN_PORT: envPort.default(9464),
  /** After this long, a stop gives up what is still open. */
  SHUTDOWN_TIMEOUT_MS: envWhole(10_000, 1, 86_400_000), // a timer that is longer than Node can wait ends at once
} as const;
