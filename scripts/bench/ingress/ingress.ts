import { inbound, webhooks } from '@keyturn/contracts';
import { bodyOf, changeOf, personOf, requestOf } from '../load/bodies.ts';
import { openConnection } from '../load/connection.ts';
import { allAnswered200, type Load, startLoad } from '../load/load.ts';
import { type Result, ratios } from '../numbers.ts';
import type { Part } from '../part.ts';
import { type Broker, openBroker } from '../parts/kafka.ts';
import { cpuSeconds, type Running, startProcess } from '../parts/process.ts';
import { NAIVE_TOPIC } from './naive-topic.ts';

const SECRET = 'the-secret-of-the-bench';
/** How many connections are tried for each, before it is measured with what serves it best: few hold up the one that gathers what comes, many only
 *  cost the one that keeps nothing. */
const CONNECTIONS = [32, 64, 128, 256, 512, 1_024];
/** A server with the number of connections that serves it best. */
type Subject = { readonly server: Running; readonly connections: number };
type Slice = { readonly perSecond: number; readonly cpuMicros: number };

/** Webhooks a second: ours, against a server that only checks and parses, and against one that sends to Kafka once a request. All three take the
 *  same signed requests on connections kept alive, one after the other, ours and the naive one on the same Kafka. */
export const ingress: Part = async ({ servers, quick, say }) => {
  const broker = await openBroker(servers.kafka.brokers, 'bench-ingress.');
  await broker.make(NAIVE_TOPIC);
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    KAFKA_PREFIX: broker.prefix,
    WHATSAPP_APP_SECRET: SECRET,
    WHATSAPP_VERIFY_TOKEN: 'the-token-of-the-bench',
  };
  const start = (name: string, main: string) => startProcess({ name, main, env, dir: servers.dir });
  const ours = await start('ingress', 'services/ingress/src/main.ts');
  const bare = await start('node-http', 'scripts/bench/ingress/node-http.main.ts');
  const naive = await start('naive', 'scripts/bench/ingress/naive.main.ts');
  const load = startLoad();
  try {
    for (const server of [ours, bare, naive]) await refusesForgery(server);
    const subjects: Subject[] = [];
    for (const server of [ours, bare, naive]) subjects.push(await atItsBest(server, load, quick));
    say(subjects.map(({ server, connections }) => `${server.name}: ${connections} connections`).join(', '));
    const [keeper, parser, sender] = subjects as [Subject, Subject, Subject];
    const [us, least, plain]: [Slice[], Slice[], Slice[]] = [[], [], []];
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      us.push(await keeping(broker, keeper, load, quick));
      least.push((await slice(parser, load, quick)).measured);
      plain.push((await slice(sender, load, quick)).measured);
      say([us, least, plain].map((slices) => `${Math.round(slices.at(-1)?.perSecond ?? 0)}/s`).join('  '));
    }
    await countsAgree(broker, sender, load);
    return resultsOf(us, least, plain);
  } finally {
    load.stop();
    for (const server of [naive, bare, ours]) await server.stop();
    await broker.stop();
  }
};

function resultsOf(us: readonly Slice[], least: readonly Slice[], plain: readonly Slice[]): Result[] {
  const rate = (slices: readonly Slice[]) => slices.map(({ perSecond }) => perSecond);
  const cpu = (slices: readonly Slice[]) => slices.map(({ cpuMicros }) => cpuMicros);
  return [
    { name: 'ingress : node:http + HMAC + parse', unit: '×', rounds: ratios(rate(us), rate(least)), promised: { floor: 0.35, goal: 0.6 } },
    { name: 'ingress : naive', unit: '×', rounds: ratios(rate(us), rate(plain)), promised: { floor: 2.5, goal: 4 } },
    { name: 'ingress', unit: 'webhooks/s', rounds: rate(us) },
    { name: 'node:http + HMAC + parse', unit: 'webhooks/s', rounds: rate(least) },
    { name: 'naive', unit: 'webhooks/s', rounds: rate(plain) },
    { name: 'ingress, processor', unit: 'µs/webhook', rounds: cpu(us) },
    { name: 'node:http, processor', unit: 'µs/webhook', rounds: cpu(least) },
    { name: 'naive, processor', unit: 'µs/webhook', rounds: cpu(plain) },
  ];
}

/** With as many connections as serve it best, tried from few to many and, since what is tried first is the least warm, from many to few. */
async function atItsBest(server: Running, load: Load, quick: boolean): Promise<Subject> {
  await slice({ server, connections: CONNECTIONS.at(-1) as number }, load, quick); // compiles what is hot
  const rates = new Map<number, number>();
  for (const connections of [...CONNECTIONS, ...CONNECTIONS.toReversed()]) {
    const { perSecond } = (await slice({ server, connections }, load, quick, quick ? 500 : 1_000)).measured;
    rates.set(connections, perSecond + (rates.get(connections) ?? 0));
  }
  const [best] = [...rates].reduce((most, one) => (one[1] > most[1] ? one : most));
  return { server, connections: best };
}

async function refusesForgery({ name, url }: Running): Promise<void> {
  const target = new URL(url);
  const connection = await openConnection(target);
  const ask = (secret: string) => {
    const request = requestOf(target.host, bodyOf(changeOf(50, personOf(1), 1_795_132_800, 'forged')), secret);
    return new Promise<number>((resolve) => connection.send(request, resolve));
  };
  const answered = [await ask('another-secret'), await ask(SECRET)];
  connection.close();
  if (answered.join() !== '401,200') throw new Error(`${name} answers a forged and a signed body ${answered.join(', ')}, not 401, 200`);
}

async function slice(
  { server, connections }: Subject,
  load: Load,
  quick: boolean,
  durationMs = quick ? 2_000 : 5_000,
): Promise<{ measured: Slice; answered: number }> {
  const traffic = { url: server.url, secret: SECRET, run: 'ingress', count: 20_000, personFrom: 0, persons: 10_000 };
  const cpuBefore = cpuSeconds(server.pid);
  const driven = await load.closed({
    kind: 'closed',
    traffic,
    connections,
    warmupMs: Math.min(1_000, durationMs),
    durationMs,
  });
  const answered = allAnswered200(driven);
  const cpuMicros = ((cpuSeconds(server.pid) - cpuBefore) * 1e6) / answered;
  return { measured: { perSecond: driven.done / driven.seconds, cpuMicros }, answered };
}

/** Ours, with the promise checked: as many bodies and events in the log as were answered 200. Each of these bodies is one event. */
async function keeping(broker: Broker, subject: Subject, load: Load, quick: boolean): Promise<Slice> {
  const before = [await broker.records(webhooks), await broker.records(inbound)];
  const { measured, answered } = await slice(subject, load, quick);
  const kept = [await broker.records(webhooks), await broker.records(inbound)].map((records, i) => records - (before[i] ?? 0));
  if (kept.some((records) => records !== answered)) throw new Error(`${answered} answered 200, ${kept.join(' and ')} kept`);
  return measured;
}

async function countsAgree(broker: Broker, naive: Subject, load: Load): Promise<void> {
  const before = await broker.records(NAIVE_TOPIC);
  const { answered } = await slice(naive, load, true);
  const kept = (await broker.records(NAIVE_TOPIC)) - before;
  if (kept !== answered) throw new Error(`naive: ${answered} answered 200, ${kept} kept`);
}
