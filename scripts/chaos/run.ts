import { startAudit } from './audit.ts';
import { checkAll } from './check.ts';
import { churn } from './churn.ts';
import { deadlock } from './deadlock.ts';
import type { Fault, Report } from './faults.ts';
import { kills } from './kills.ts';
import { type Line, startLine } from './line.ts';
import { type Load, startLoad } from './load.ts';
import { broker, connections, database } from './outages.ts';
import { type Parts, startParts } from './parts.ts';
import { randomOf } from './random.ts';
import { records } from './records.ts';
import { zombies } from './zombies.ts';

/** Every fault by name, in the order in which they come; those of one stage side by side. */
const stages: readonly Readonly<Record<string, Fault>>[] = [
  { kills },
  { broker },
  { database },
  { connections },
  { deadlock },
  { zombies, churn, records },
];
/** Every fault that a run may break the product by, in the order in which it does. */
export const faultNames: readonly string[] = stages.flatMap((stage) => Object.keys(stage));

/** Which faults, for how long, and to whom it is told. */
export type ChaosOptions = {
  readonly seed: number;
  readonly long: boolean;
  /** Names of faults; absent: all. */
  readonly only?: readonly string[];
  readonly say: (line: string) => void;
};
/** How long the line took to go on after a fault. `starvedMs`: for how long of that a service of it wanted to run and other programs had the processors. */
type Recovery = { readonly fault: string; readonly ms: number; readonly starvedMs: number };
/** Without a hand, on a machine that gives the line the time it asks for. */
export const RECOVERY_MS_MAX = 10_000;
/** What a run came to. */
type Totals = {
  readonly seed: number;
  readonly faults: number;
  readonly bodies: number;
  readonly events: number;
  readonly people: number;
  readonly decisions: number;
  readonly refused: number;
  readonly lost: number;
  readonly doubled: number;
  readonly invented: number;
  readonly wronglyReleased: number;
  readonly slowestRecoveryMs: number;
};
/** What a run came to. */
export type ChaosResult = { readonly totals: Totals; readonly recoveries: readonly Recovery[]; readonly words: readonly string[] };

const STARVED_MS_MIN = 500;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Runs the product under a seeded load, breaks it fault by fault, and holds it to its promises at the end. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const parts = await startParts();
  let line: Line | undefined;
  let load: Load | undefined;
  try {
    line = await startLine(parts, 'chaos');
    await startAudit(line);
    load = startLoad(line, options.seed);
    return await runOn(parts, line, load, options);
  } finally {
    load?.breakOff();
    await line?.stop();
    await parts.remove();
  }
}

/** Takes down how long the line took to go on. */
function reporter(line: Line, recoveries: Recovery[], say: ChaosOptions['say']): Report {
  return async (fault, endedAt, again) => {
    const before = new Map(line.services.map((service) => [`${service.name} ${service.starts()}`, service.starvedMs()]));
    await again;
    const ms = Math.round(performance.now() - endedAt);
    const waited = line.services.map((service) => service.starvedMs() - (before.get(`${service.name} ${service.starts()}`) ?? 0));
    const starvedMs = Math.round(Math.max(...waited));
    recoveries.push({ fault, ms, starvedMs });
    say(
      `${fault}: recovered in ${seconds(ms)}${starvedMs > STARVED_MS_MIN ? `, of which it waited ${seconds(starvedMs)} for a processor` : ''}`,
    );
  };
}

async function runOn(parts: Parts, line: Line, load: Load, { seed, long, only, say }: ChaosOptions): Promise<ChaosResult> {
  const recoveries: Recovery[] = [];
  const strangers = new Set<string>();
  const report = reporter(line, recoveries, say);
  const wanted = (name: string) => only === undefined || only.includes(name);
  for (const stage of stages) {
    const scenes = Object.entries(stage).filter(([name]) => wanted(name));
    await Promise.all(scenes.map(([name, fault]) => fault({ parts, line, load, long, strangers, report, random: randomOf(seed, name) })));
  }
  await load.finish();
  say('all has been said; now the books');
  const { counts, words } = await checkAll(line, load, strangers);
  const { bodies, events } = load.ledger.totals();
  const { attempts } = load.ledger;
  return {
    recoveries,
    words,
    totals: {
      ...{ seed, faults: recoveries.length, bodies, events, people: load.people.length },
      decisions: attempts.filter(({ status }) => status === 201).length,
      refused: attempts.filter(({ stale, status }) => stale && status === 409).length,
      ...counts,
      slowestRecoveryMs: Math.max(0, ...recoveries.map(({ ms, starvedMs }) => ms - starvedMs)),
    },
  };
}
