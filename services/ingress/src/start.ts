import { account, inbound, webhooks } from '@keyturn/contracts';
import { connectKafka, createApp, createLog, ensureTopics, listen, requireTopics, type Start, startPublisher } from '@keyturn/runtime';
import { loadConfig } from './config.ts';
import { handshakeRoute } from './handshake.route.ts';
import { guardedKeeper } from './keep.ts';
import { webhookRoute } from './webhook.route.ts';

const topics = [webhooks, inbound, account];

/** Takes webhooks in on `INGRESS_PORT`. Answers 200 only for what Kafka confirmed; while Kafka is away, 503 at once. Throws
 *  `config.invalid`, or `kafka.unavailable` where Kafka is away at the start. */
export const start: Start = async (env) => {
  const config = loadConfig(env);
  const log = createLog('ingress');
  const kafka = connectKafka(config, log);
  await (config.MIGRATE_ON_START
    ? ensureTopics(kafka, config.KAFKA_PREFIX, topics, { replication: config.KAFKA_REPLICATION })
    : requireTopics(kafka, config.KAFKA_PREFIX, topics));
  const publisher = await startPublisher({ kafka, prefix: config.KAFKA_PREFIX, log });
  const guarded = guardedKeeper(publisher);
  const app = createApp({
    log,
    routes: [
      handshakeRoute({ verifyToken: config.WHATSAPP_VERIFY_TOKEN }),
      webhookRoute({ appSecrets: config.WHATSAPP_APP_SECRET, keep: guarded.fire, now: () => new Date() }),
    ],
  });
  const server = await listen(app, { port: config.INGRESS_PORT, variable: 'INGRESS_PORT' }).catch(async (error: unknown) => {
    await publisher.stop();
    throw error;
  });
  const { promise: stopped, resolve } = Promise.withResolvers<Error | undefined>();
  return {
    name: 'ingress',
    url: server.url,
    stopped,
    notReady: async () => (guarded.isOpen() ? ['Kafka confirms no webhook'] : []),
    async stop() {
      await server.close(); // what is under way is still published
      await publisher.stop();
      guarded.stop();
      resolve(undefined);
    },
  };
};
