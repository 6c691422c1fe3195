import { AppError } from '@keyturn/contracts';
import { Kafka, type KafkaConfig as KafkajsConfig, type LogEntry, logLevel } from 'kafkajs';
import type { KafkaConfig } from '../env/shapes.ts';
import type { Log } from '../log.ts';
import { patchKafkajsFetch } from './fetch-patch.ts';
import { patchKafkajsProduce } from './produce-patch.ts';
import { countedSockets } from './socket-count.ts';
import { patchKafkajsTimer } from './timer-patch.ts';

/** Our own lines say what a failure means, once; kafkajs says it at every attempt, so its lines are for the search for a cause. */
function writeTo(log: Log): (entry: LogEntry) => void {
  return ({ level, namespace, log: { message, error } }) => {
    const line = { kafkajs: namespace, ...(typeof error === 'string' ? { cause: error } : {}) };
    if (level <= logLevel.WARN) log.debug(line, message);
    else log.trace(line, message);
  };
}

function saslOf(config: KafkaConfig): Pick<KafkajsConfig, 'sasl'> {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  if (mechanism === undefined) return {};
  if (username === undefined || password === undefined) {
    throw new AppError(
      'config.invalid',
      'KAFKA_SASL_MECHANISM is set: set KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD too, or none of them.',
    );
  }
  switch (mechanism) {
    case 'plain':
      return { sasl: { mechanism, username, password } };
    case 'scram-sha-256':
      return { sasl: { mechanism, username, password } };
    case 'scram-sha-512':
      return { sasl: { mechanism, username, password } };
  }
}

function tlsOf(config: KafkaConfig): Pick<KafkajsConfig, 'ssl'> {
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = config;
  if ((cert === undefined) !== (key === undefined)) {
    throw new AppError('config.invalid', 'KAFKA_TLS_CERT and KAFKA_TLS_KEY belong together: set both or none.');
  }
  if (!config.KAFKA_TLS) {
    if (ca ?? cert)
      throw new AppError('config.invalid', "KAFKA_TLS_CA or KAFKA_TLS_CERT is set: set KAFKA_TLS to 'true' too, or remove them.");
    return {};
  }
  return { ssl: ca || cert ? { ...(ca ? { ca: [ca] } : {}), ...(cert && key ? { cert, key } : {}) } : true };
}

/** Answers a Kafka client (nothing is sent yet) without the kafkajs timer fault, logging through ours. Each network step is bounded: 10 s a
 *  request, five short retries. Throws `config.invalid`. */
export function connectKafka(config: KafkaConfig, log: Log): Kafka {
  patchKafkajsTimer();
  patchKafkajsProduce();
  patchKafkajsFetch();
  const { service } = log.bindings();
  const name = typeof service === 'string' ? service : 'client';
  return new Kafka({
    clientId: `keyturn-${name}`,
    socketFactory: countedSockets(name),
    brokers: config.KAFKA_BROKERS,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logLevel: log.isLevelEnabled('trace') ? logLevel.INFO : logLevel.WARN,
    logCreator: () => writeTo(log),
    ...tlsOf(config),
    ...saslOf(config),
  });
}
