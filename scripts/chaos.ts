// usage: npm run chaos [-- --short] [--seed <number>] [--only <fault>,<fault>]   Breaks a keyturn of its own in every way we know, under load, and checks what it promises.
import { parseArgs } from 'node:util';
import { faultNames, RECOVERY_MS_MAX, runChaos } from './chaos/run.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, only: { type: 'string' }, short: { type: 'boolean', default: false } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const only = values.only?.split(',');
const unknown = only?.filter((name) => !faultNames.includes(name)) ?? [];
if (!Number.isSafeInteger(seed) || unknown.length > 0) {
  console.error(`--seed takes a whole number, --only some of: ${faultNames.join(', ')}.`);
  process.exit(2);
}
const startedAt = performance.now();
const say = (line: string) => console.log(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s] ${line}`);
say(`seed ${seed}`);
const { totals, words } = await runChaos({ seed, long: !values.short, say, ...(only === undefined ? {} : { only }) });
for (const word of words) console.error(word);
console.log(JSON.stringify(totals));
const { lost, doubled, invented, wronglyReleased, slowestRecoveryMs } = totals;
process.exit(lost + doubled + invented + wronglyReleased > 0 || slowestRecoveryMs >= RECOVERY_MS_MAX ? 1 : 0);
