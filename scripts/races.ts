// usage: npm run races [-- --short] [--changes <number>] [--seed <number>]   Races messages through the gate against 10,000 changes of who holds a number, and against all that could hide one.
import { parseArgs } from 'node:util';
import { CHANGES, faultsIn, runRaces } from './races/run.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, changes: { type: 'string' }, short: { type: 'boolean', default: false } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const changes = Number(values.changes ?? (values.short ? CHANGES.short : CHANGES.long));
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(changes) || changes < 1) {
  console.error('--seed and --changes take whole numbers.');
  process.exit(2);
}
const startedAt = performance.now();
const say = (line: string) => console.log(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${line}`);
say(`seed ${seed}`);
const result = await runRaces({ seed, changes, long: !values.short, say });
console.log(JSON.stringify(result));
const faults = faultsIn(result);
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);
