import { hash } from 'node:crypto';
import { WEBHOOK_BYTES_MAX } from '@keyturn/contracts';
import { normalize } from '@keyturn/normalize';
import { bodyOf, changeOf, messageUnder, personOf, requestOf } from '../load/bodies.ts';
import { openConnection } from '../load/connection.ts';
import { type Result, ratios } from '../numbers.ts';
import type { Part } from '../part.ts';
import { startProcess } from '../parts/process.ts';

const SECRET = 'the-secret-of-the-bench';
const TOKEN = 'the-token-of-the-bench';
const AT = 1_795_132_800;
const CHANGES = 1_000;

/** What reading a body costs against the least that it can, parsing the same bytes, in processor time; and how long somebody waits who asks the
 *  ingress for something small while bodies of 3 MB with 1,000 changes come one after the other. */
export const normalizing: Part = async ({ servers, quick, say }) => {
  const message = Buffer.from(bodyOf(messageUnder(personOf(1), 'hash0000001=', AT, 'message')));
  const status = Buffer.from(bodyOf(changeOf(0, personOf(1), AT, 'status')));
  const results = [
    cost(`normalize : JSON.parse, a message of ${message.length} bytes`, message, quick),
    cost(`normalize : JSON.parse, a status of ${status.length} bytes`, status, quick),
    cost('normalize : JSON.parse, 3 MB of 1,000 changes', largeBody(0), quick),
  ];
  say('beside large bodies');
  const env = {
    KAFKA_BROKERS: servers.kafka.brokers.join(','),
    KAFKA_PREFIX: 'bench-normalize.',
    WHATSAPP_APP_SECRET: SECRET,
    WHATSAPP_VERIFY_TOKEN: TOKEN,
  };
  const server = await startProcess({ name: 'ingress', main: 'services/ingress/src/main.ts', env, dir: servers.dir });
  try {
    const waits = await besideLargeBodies(new URL(server.url), quick ? 3 : 20);
    return [...results, { name: 'handshake beside 3 MB bodies', unit: 'ms', rounds: waits }, longest(waits)];
  } finally {
    await server.stop();
  }
};

const longest = (waits: readonly number[]): Result => ({
  name: 'handshake beside 3 MB bodies, the longest',
  unit: 'ms',
  rounds: [Math.max(...waits)],
  promised: { floor: 250, goal: 100, most: true },
});

function cost(name: string, body: Buffer, quick: boolean): Result {
  const context = { webhookId: hash('sha256', body, 'hex'), receivedAt: new Date(AT * 1_000) };
  const times = Math.ceil(4_000_000 / body.length);
  const [ours, least]: [number[], number[]] = [[], []];
  for (let round = -3; round < (quick ? 5 : 25); round += 1) {
    const [parsing, normalizing] = [
      cpuMicros(times, () => JSON.parse(body.toString('utf8'))),
      cpuMicros(times, () => normalize(body, context)),
    ];
    if (round < 0) continue; // until the code is compiled
    least.push(parsing);
    ours.push(normalizing);
  }
  return { name, unit: '×', rounds: ratios(ours, least), promised: { floor: 3, most: true } };
}

/** Processor time, so that what else the machine does is not counted. */
function cpuMicros(times: number, run: () => void): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}

/** As large as a body may be: messages with long texts. */
function largeBody(number: number): Buffer {
  const change = (i: number, pad: string) =>
    messageUnder(personOf(i), 'hash', AT, `large.${number}.${i}`).replace('"body":"', `"body":"${pad}`);
  const all = (pad: string) => Buffer.from(bodyOf(...Array.from({ length: CHANGES }, (_, i) => change(i, pad))));
  return all('x'.repeat(Math.floor((WEBHOOK_BYTES_MAX - all('').length) / CHANGES)));
}

/** How long each handshake took, one after the other, while the bodies came. */
async function besideLargeBodies(url: URL, count: number): Promise<number[]> {
  const bodies = Array.from({ length: count }, (_, i) => requestOf(url.host, largeBody(i).toString(), SECRET));
  const [large, small] = [await openConnection(url), await openConnection(url)];
  const asked = (connection: typeof large, request: Buffer) => new Promise<number>((resolve) => connection.send(request, resolve));
  const handshake = Buffer.from(
    `GET /webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${TOKEN} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`,
  );
  const waits: number[] = [];
  let coming = true;
  const asking = (async () => {
    while (coming) {
      const from = performance.now();
      if ((await asked(small, handshake)) !== 200) throw new Error('the handshake beside large bodies is not answered 200');
      waits.push(performance.now() - from);
    }
  })();
  for (const body of bodies) {
    const answered = await asked(large, body);
    if (answered !== 200) throw new Error(`a body of 3 MB is answered ${answered}`);
  }
  coming = false;
  await asking;
  large.close();
  small.close();
  return waits;
}
