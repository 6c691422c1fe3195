import { DAY_MS, type GateDecisionJson } from '@keyturn/contracts';
import type { GateDecision, Send } from '@keyturn/domain';
import { type Log, metrics } from '@keyturn/runtime';
import {
  type CountFlush,
  countDecisions,
  type Database,
  type DecisionCount,
  type JournaledDecision,
  recordDecisions,
} from '@keyturn/store';
import { v7 } from 'uuid';
import { writeBehind } from './write-behind.ts';

/** What was asked, by whom and at which door, and what the gate said. */
export type Decided = {
  readonly send: Send;
  readonly template: string | null;
  readonly door: GateDecisionJson['door'];
  readonly actor: string;
  readonly decision: GateDecision;
};
/** The journal of what the gate decided. */
export type Journal = {
  /** Beside everything else: every denial is kept, of what is allowed a sample, and all are counted. */
  decided(decided: Decided): void;
  stop(): Promise<void>;
};
type Parts = {
  readonly pool: Database['pool'];
  /** Which share of what is allowed is kept: 0 to 1. */
  readonly allowsKept: number;
  readonly now: () => Date;
  readonly log: Log;
};

const decisions = metrics.counter('keyturn_gate_decisions_total', 'Sends that the gate decided on, by category and what it said.', [
  'category',
  'decision',
]);
const reasons = metrics.counter(
  'keyturn_gate_reasons_total',
  'Rules that were against a send: enforce denied it, shadow would have. One send may have several.',
  ['code', 'mode'],
);

const ROWS = { itemsMax: 1_000, waitingMax: 20_000, gatherMs: 50 };
/** A flush a statement, since each is added once or not at all; three hours of them while the database is away. */
const COUNTS = { itemsMax: 1, waitingMax: 10_000, gatherMs: 0 };
const FLUSH_MAX = 500;
const COUNT_EVERY_MS = 1_000;
const UNKNOWN = 'unknown';

/** A journal in the database. */
export function journalIn({ pool, allowsKept, now, log }: Parts): Journal {
  const rows = writeBehind<JournaledDecision>((some) => recordDecisions(pool, some), { what: 'decision', ...ROWS, log });
  const saveDays = async (flushes: readonly CountFlush[]) => {
    for (const flush of flushes) await countDecisions(pool, flush);
  };
  const days = writeBehind(saveDays, { what: 'count', ...COUNTS, log });
  const gateId = v7();
  let flushed = 0;
  let counts = new Map<string, Counting>();
  const count = (one: Omit<DecisionCount, 'sends'>) => {
    const key = `${one.day} ${one.phoneNumberId} ${one.category} ${one.decision}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { ...one, sends: 1 });
    else known.sends += 1;
  };
  const flush = () => {
    const all = [...counts.values()];
    counts = new Map();
    for (let from = 0; from < all.length; from += FLUSH_MAX)
      void days.write({ gateId, flush: ++flushed, counts: all.slice(from, from + FLUSH_MAX) });
  };
  const timer = setInterval(flush, COUNT_EVERY_MS).unref();
  return {
    decided(decided) {
      const { send, decision } = decided;
      const decidedAt = now();
      const category = send.category ?? UNKNOWN;
      show(category, decision);
      count({ day: dayOf(decidedAt), phoneNumberId: send.phoneNumberId, category, decision: decision.decision });
      if (decision.decision === 'deny' || Math.random() < allowsKept) void rows.write(rowOf(decided, decidedAt));
    },
    async stop() {
      clearInterval(timer);
      flush();
      await Promise.all([rows.stop(), days.stop()]);
    },
  };
}

type Counting = Omit<DecisionCount, 'sends'> & { sends: number };

let today = { number: Number.NaN, day: '' };
/** The day (UTC) of an instant, worked out once a day. */
function dayOf(at: Date): string {
  const number = Math.floor(at.getTime() / DAY_MS);
  if (number !== today.number) today = { number, day: at.toISOString().slice(0, 10) };
  return today.day;
}

const decided = bound((category, decision) => decisions.labels({ category, decision }));
const against = bound((code, mode) => reasons.labels({ code, mode }));
function show(category: string, decision: GateDecision): void {
  decided(category, decision.decision).inc();
  for (const code of decision.reasons) against(code, 'enforce').inc();
  for (const code of decision.shadowed) against(code, 'shadow').inc();
}

type Counted = { inc(): void };
/** The counter of each combination, looked up by its labels once; there are few. */
function bound(make: (one: string, other: string) => Counted): typeof make {
  const known = new Map<string, Counted>();
  return (one, other) => {
    const key = `${one} ${other}`;
    const counter = known.get(key) ?? make(one, other);
    known.set(key, counter);
    return counter;
  };
}

/** Nothing of whom it was to go to but the contact's id; a template is named as far as a name may be long. */
function rowOf({ send, template, door, actor, decision }: Decided, decidedAt: Date): JournaledDecision {
  const { contactId, reasons: against, shadowed, decision: said } = decision;
  return {
    ...{ decisionId: v7(), decidedAt, decision: said, contactId, phoneNumberId: send.phoneNumberId, category: send.category },
    ...{ template: template?.replaceAll('\0', '') ?? null, door, actor, reasons: against, shadowed },
  };
}
