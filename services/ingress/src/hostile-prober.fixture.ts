// usage: node hostile-prober.fixture.ts PORT   Delivers healthy webhooks until its input ends, then says how they were answered, which were kept, and how long the slowest took.
import { hash } from 'node:crypto';
import { call, healthyBody, signed, statusesIn } from './hostile-callers.fixture.ts';

const DELIVERIES_AT_ONCE = 3;
const port = Number(process.argv[2]);
const statuses: Record<string, number> = {};
const kept: string[] = [];
const tookMs: number[] = [];
let over = false;
process.stdin.resume().once('end', () => {
  over = true;
});

async function deliver(): Promise<void> {
  while (!over) {
    const at = performance.now();
    const body = healthyBody();
    const heard = await call(port, signed(body, { connection: 'close' })).closed;
    tookMs.push(performance.now() - at);
    if (statusesIn(heard).includes(200)) kept.push(hash('sha256', body));
    const status = statusesIn(heard).join() || 'none';
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}

process.stdout.write('delivering\n');
await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, deliver));
tookMs.sort((a, b) => a - b);
process.stdout.write(JSON.stringify({ statuses, kept, slowestMs: tookMs.at(-1) }));
