import { inbound } from '@keyturn/contracts';
import { allAnswered200, type Load, startLoad } from '../load/load.ts';
import type { Part } from '../part.ts';
import { heapAfterCollection } from '../parts/heap.ts';
import { untilDrained } from './drained.ts';
import { type Line, startLine } from './start-line.ts';

const ITEMS = 5;
const CONNECTIONS = 64;
const PERSONS = 100_000;

/** What each service still holds after a million events, against after 200,000: once all caches are full, memory no longer grows. */
export const soak: Part = async (bench) => {
  const [first, last] = bench.quick ? [10_000, 50_000] : [200_000, 1_000_000];
  const running = await startLine(bench, 'soak', 10_000, true);
  const load = startLoad();
  try {
    await bring(running, load, 0, first);
    const before = await heaps(running);
    bench.say(`${first} events: ${shown(before)}`);
    for (let from = first; from < last; from += first) await bring(running, load, from, from + first);
    const after = await heaps(running);
    bench.say(`${last} events: ${shown(after)}`);
    const megabytes = (bytes: number) => bytes / 2 ** 20;
    return running.services.flatMap(({ name }, i) => [
      {
        name: `heap at ${last.toLocaleString('en')} : at ${first.toLocaleString('en')} events, ${name}`,
        unit: '×',
        rounds: [(after[i] ?? 0) / (before[i] ?? 1)],
        promised: { floor: 1.1, most: true as const },
      },
      { name: `heap at the end, ${name}`, unit: 'MiB', rounds: [megabytes(after[i] ?? 0)] },
    ]);
  } finally {
    load.stop();
    await running.stop();
  }
};

const heaps = ({ services }: Line): Promise<number[]> => Promise.all(services.map(({ inspector }) => heapAfterCollection(inspector)));
const shown = (bytes: readonly number[]): string => bytes.map((one) => `${(one / 2 ** 20).toFixed(1)} MiB`).join(', ');

async function bring(running: Line, load: Load, from: number, to: number): Promise<void> {
  const count = (to - from) / ITEMS;
  const traffic = { url: running.url, secret: running.secret, run: `soak-${from}`, count, personFrom: 0, persons: PERSONS, items: ITEMS };
  allAnswered200(await load.closed({ kind: 'all', traffic, connections: CONNECTIONS }));
  await untilDrained(running, 600_000);
  const records = await running.broker.records(inbound);
  if (records !== to) throw new Error(`${to} events were sent, ${records} are in the log`);
}
