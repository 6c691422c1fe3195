// usage: started by scripts/bench.ts   As most would write it: express, a schema, and one awaited send a request, to the same Kafka with acks=all.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connectKafka, createLog, kafkaEnv, parseEnv } from '@keyturn/runtime';
import express from 'express';
import { Partitioners } from 'kafkajs';
import { z } from 'zod';
import { NAIVE_TOPIC } from './naive-topic.ts';

const secret = process.env.WHATSAPP_APP_SECRET ?? '';
const config = parseEnv(z.object(kafkaEnv), process.env);
const producer = connectKafka(config, createLog('naive')).producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();

const Item = z.looseObject({ id: z.string(), timestamp: z.string(), from: z.string().optional(), recipient_id: z.string().optional() });
const Webhook = z.looseObject({
  object: z.literal('whatsapp_business_account'),
  entry: z.array(
    z.looseObject({
      id: z.string(),
      changes: z.array(
        z.looseObject({
          field: z.string(),
          value: z.looseObject({
            metadata: z.looseObject({ phone_number_id: z.string() }),
            contacts: z.array(z.looseObject({ wa_id: z.string(), identity_key_hash: z.string().optional() })).optional(),
            messages: z.array(Item.extend({ type: z.string() })).optional(),
            statuses: z.array(Item.extend({ status: z.string() })).optional(),
          }),
        }),
      ),
    }),
  ),
});

type Signed = express.Request & { signed?: boolean };
const app = express();
app.use(
  express.json({
    limit: '3mb',
    verify: (req: Signed, _res, body) => {
      const said = Buffer.from(String(req.headers['x-hub-signature-256'] ?? '').slice('sha256='.length), 'hex');
      const digest = createHmac('sha256', secret).update(body).digest();
      req.signed = said.length === digest.length && timingSafeEqual(said, digest);
    },
  }),
);
app.post('/webhook', async (req: Signed, res) => {
  if (!req.signed) return void res.sendStatus(401);
  const webhook = Webhook.parse(req.body);
  const messages = webhook.entry.flatMap(({ changes }) =>
    changes.flatMap(({ value }) =>
      [...(value.messages ?? []), ...(value.statuses ?? [])].map((item) => ({
        key: item.from ?? item.recipient_id ?? null,
        value: JSON.stringify({ ...item, phoneNumberId: value.metadata.phone_number_id, contacts: value.contacts }),
      })),
    ),
  );
  await producer.send({ topic: config.KAFKA_PREFIX + NAIVE_TOPIC.name, acks: -1, messages });
  res.sendStatus(200);
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'started', url: `http://127.0.0.1:${port}` }));
});
process.on('SIGTERM', () => process.exit());
