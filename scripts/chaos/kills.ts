import type { Group } from '@keyturn/contracts';
import { type Point, points } from '@keyturn/runtime';
import { until } from '../e2e/until.ts';
import type { Fault, Scene } from './faults.ts';
import type { ServiceName } from './line.ts';
import { answersAgain, appliesAgain, publishesAgain } from './recovery.ts';

const ARRIVALS_MAX = 8;
const REACH_TIMEOUT_MS = 60_000;
const ROUNDS = 10;

const pointsOf = (who: string): Point[] => points.filter((point) => point.startsWith(`${who}.`));

/** Each named point, `kill -9` at some arrival there. Services die side by side, each again once it has recovered. In short each point once: those of
 *  the consumers dealt out among the three. */
export const kills: Fault = async (scene) => {
  const rounds = scene.long ? ROUNDS : 1;
  const chain = async (name: ServiceName, mine: readonly Point[], again: () => Promise<void>) => {
    for (let round = 0; round < rounds; round++) for (const point of mine) await killAt(scene, name, point, again);
  };
  const ofConsumers = pointsOf('consumer');
  const groups: readonly Group[] = ['contact', 'identity', 'consent'];
  const dealt = (i: number) => (scene.long ? ofConsumers : ofConsumers.filter((_, at) => at % groups.length === i));
  await Promise.all([
    chain('ingress', pointsOf('ingress'), () => answersAgain(scene.load)),
    chain('relay', pointsOf('relay'), () => publishesAgain(scene.line)),
    ...groups.map((group, i) => chain(group, dealt(i), () => appliesAgain(scene.line, group))),
  ]);
};

async function killAt({ line, random, report }: Scene, name: ServiceName, point: Point, again: () => Promise<void>): Promise<void> {
  const service = line.service(name);
  const before = service.starts();
  const gone = service.ended();
  service.strike({ point, arrivals: 1 + random.int(ARRIVALS_MAX), signal: 'SIGKILL' });
  let ended = false;
  void gone.then(() => {
    ended = true;
  });
  await until(`${name} dies at ${point}`, async () => ended, REACH_TIMEOUT_MS);
  const endedAt = performance.now();
  await report(`kill ${name} at ${point}`, endedAt, again());
  await until(`${name} was started again`, async () => service.starts() > before && (await service.isReady()));
}
