// usage: npm run bench [-- --only ingress,consumers] [--quick] [--json FILE] [--table FILE]   Measures this checkout on this machine; exits 1 where a floor does not hold.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { alerts } from './bench/alerts/alerts.ts';
import { consumers } from './bench/consumers/consumers.ts';
import { gate } from './bench/gate/gate.ts';
import { growth } from './bench/growth/growth.ts';
import { ingress } from './bench/ingress/ingress.ts';
import { normalizing } from './bench/ingress/normalizing.ts';
import { line } from './bench/line/line.ts';
import { soak } from './bench/line/soak.ts';
import { holds, type Result } from './bench/numbers.ts';
import type { Part } from './bench/part.ts';
import { startServers } from './bench/parts/servers.ts';
import { queue } from './bench/queue/queue.ts';
import { lineOf, machine, reportOf, writeTable } from './bench/report.ts';

const parts: Readonly<Record<string, Part>> = { normalize: normalizing, ingress, consumers, line, gate, growth, queue, alerts, soak };
/** Takes as long as all others together, so it runs where it is named. */
const ONLY_WHEN_NAMED = ['soak'];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    table: { type: 'string' },
  },
});
const names = options.only?.split(',') ?? Object.keys(parts).filter((name) => !ONLY_WHEN_NAMED.includes(name));
const unknown = names.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: --only takes ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

const startedAt = performance.now();
const say = (line: string) => console.error(`[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s] ${line}`);
const servers = await startServers();
const found: Record<string, Result[]> = {};
try {
  for (const name of names) {
    say(name);
    found[name] = await (parts[name] as Part)({ servers, quick: options.quick, say: (line) => say(`  ${line}`) });
    for (const result of found[name]) console.log(lineOf(result));
  }
} finally {
  await servers.stop();
}

const command = `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
const report = reportOf({ command, machine: machine(), found });
if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.table) writeTable(options.table, report);
const broken = Object.values(found)
  .flat()
  .filter((result) => !holds(result));
for (const { name } of broken) console.error(`The floor of "${name}" does not hold.`);
process.exit(broken.length > 0 ? 1 : 0);
