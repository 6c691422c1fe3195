import { setTimeout as pause } from 'node:timers/promises';
import type { Line, ServiceName } from '../chaos/line.ts';
import type { Parts } from '../chaos/parts.ts';
import { passerBy } from '../chaos/people.ts';
import { bodyOf } from '../e2e/payload.ts';
import { until } from '../e2e/until.ts';
import type { Sender } from './sender.ts';
import { startWatch, type Watch } from './watch.ts';

/** Something by which what the gate reads is no longer kept current, and what came of it. */
export type Stop = {
  readonly what: string;
  /** Asked later than the bound after it and before its end, and allowed. */
  readonly lateAllows: number;
  readonly lateDenials: number;
  /** From its end to the first that is allowed. */
  readonly recoveredMs: number;
  /** For how long of that a service wanted to run and was given no processor. */
  readonly starvedMs: number;
};
type Scene = { readonly line: Line; readonly parts: Parts; readonly watch: Watch; readonly ageMaxMs: number; readonly seenForMs: number };
type Fault = {
  readonly what: string;
  /** Resolves with the instant from which on nothing that is written becomes known. */
  begin(): Promise<number>;
  end(): Promise<void> | void;
  /** How old what is known may become meanwhile; 0: nothing can be read. */
  readonly boundMs: number;
};

const TRAFFIC_EVERY_MS = 40;

/** Each in turn, under traffic; begins and ends with the line as it should be. */
export async function stopEach(
  shell: Omit<Scene, 'watch'> & { readonly sender: Sender; readonly fine: string; readonly long: boolean; say(line: string): void },
): Promise<Stop[]> {
  const { line, sender, fine, long, say } = shell;
  const watch = startWatch(sender, fine);
  const traffic = keepWriting(line);
  const scene = { ...shell, watch };
  const groups: ServiceName[] = long ? ['identity', 'contact', 'consent'] : ['identity'];
  const stops: Stop[] = [];
  try {
    for (const fault of [
      relayStands(scene),
      ...groups.map((name) => consumerStands(scene, name)),
      databaseAway(scene),
      brokerAway(scene),
    ]) {
      stops.push(await during(scene, fault));
      say(JSON.stringify(stops.at(-1)));
    }
    return stops;
  } finally {
    await Promise.all([watch.stop(), traffic.stop()]);
  }
}

async function during({ line, watch, seenForMs }: Scene, { what, begin, end, boundMs }: Fault): Promise<Stop> {
  await watch.allowedAgain(Date.now());
  const from = (await begin()) + boundMs;
  await until('it was asked for long enough', async () => Date.now() > from + seenForMs && watch.between(from + 1, Date.now()).length > 0);
  const to = Date.now();
  const late = watch.between(from + 1, to);
  await end();
  const endedAt = Date.now();
  const before = line.services.map((service) => service.starvedMs());
  const recoveredMs = (await watch.allowedAgain(endedAt)) - endedAt;
  const starvedMs = Math.max(...line.services.map((service, i) => service.starvedMs() - (before[i] ?? 0)));
  const lateAllows = late.filter(({ allowed }) => allowed).length;
  return { what, lateAllows, lateDenials: late.length - lateAllows, recoveredMs, starvedMs: Math.round(starvedMs) };
}

async function standStill(line: Line, name: ServiceName): Promise<void> {
  line.service(name).signal('SIGSTOP');
  await until(`${name} stands still`, async () => line.service(name).isStopped());
}

/** What is told from then on is brought to nobody: the first of it is as old as the state is. */
const relayStands = ({ line, ageMaxMs }: Scene): Fault => ({
  what: 'the relay stands still',
  boundMs: ageMaxMs,
  async begin() {
    await standStill(line, 'relay');
    let since = Number.NaN;
    await until('something waits for the relay', async () => {
      const [row] = await line.query<{ at: number | null }>('select extract(epoch from min(created_at)) * 1000 as at from outbox');
      since = Number(row?.at ?? Number.NaN);
      return !Number.isNaN(since);
    });
    return since;
  },
  end: () => line.service('relay').signal('SIGCONT'),
});

const consumerStands = ({ line, ageMaxMs }: Scene, name: ServiceName): Fault => ({
  what: `the ${name} consumer stands still`,
  boundMs: ageMaxMs,
  async begin() {
    await standStill(line, name);
    return Date.now();
  },
  end: () => line.service(name).signal('SIGCONT'),
});

const databaseAway = ({ parts }: Scene): Fault => ({
  what: 'PostgreSQL is away',
  boundMs: 0,
  async begin() {
    await parts.stopPostgres();
    return Date.now();
  },
  end: () => parts.startPostgres(),
});

const brokerAway = ({ parts, ageMaxMs }: Scene): Fault => ({
  what: 'Kafka is away',
  boundMs: ageMaxMs,
  async begin() {
    await parts.killKafka();
    return Date.now();
  },
  end: () => parts.startKafka(),
});

/** Somebody new writes, all the time. */
function keepWriting(line: Line): { stop(): Promise<void> } {
  let stopped = false;
  const run = async () => {
    for (let i = 0; !stopped; i++) {
      await line.post(bodyOf(passerBy(i).parts[0] ?? []));
      await pause(TRAFFIC_EVERY_MS);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
    },
  };
}
