import { setTimeout as pause } from 'node:timers/promises';
import { DECISIONS_MAX } from '@keyturn/contracts';
import type { Line } from '../chaos/line.ts';
import { type Random, randomOf } from '../chaos/random.ts';
import { bodyOf, type Item, statusOf, system, text } from '../e2e/payload.ts';
import { until } from '../e2e/until.ts';
import type { Order } from './order.ts';
import type { Outcome, Sender } from './sender.ts';

/** What everybody is known by before the change. */
export const KNOWN_HASH = 'h1';
const ITEMS_PER_BODY = 50;
const SENDS_EACH = 6;
/** About as long as it takes from a webhook to its commit on a busy machine, so that many sends are under way then. */
const SPREAD_MS = 300;
const DECISIONS_SHARE = 0.2;
const PATIENCE_MS = 60_000;

/** What a race of sends against changes came to. */
export type Changes = {
  readonly changes: number;
  readonly sends: number;
  /** Sends that were under way when the block came. */
  readonly racing: number;
  /** Asked after the block was there to be seen, and allowed. */
  readonly allowedAfter: number;
  /** Of everybody, once all was over. */
  readonly deniedAtLast: number;
};
type Person = { readonly waId: string; readonly change: Item };
type Race = {
  readonly line: Line;
  readonly sender: Sender;
  readonly order: Order;
  /** By contact, filled before the first change. */
  readonly waIdOf: Map<string, string>;
  readonly seed: number;
  readonly changes: number;
  /** How many people change at the same time. */
  readonly atOnce: number;
};
type Totals = { sends: number; racing: number; allowedAfter: number };

/** Everybody writes once; then each turns out to be somebody else, at some instant, while messages go to them. */
export async function raceChanges(race: Race): Promise<Changes> {
  const { order, sender, seed } = race;
  const people = Array.from({ length: race.changes }, (_, i): Person => {
    const waId = `49151${String(i).padStart(7, '0')}`;
    return { waId, change: changeOf(waId, randomOf(seed, `change ${i}`)) };
  });
  await acquaint(race, people);
  const totals: Totals = { sends: 0, racing: 0, allowedAfter: 0 };
  let next = 0;
  const run = async () => {
    for (let i = next++; i < people.length; i = next++) await raceOne(race, people[i] as Person, randomOf(seed, `sends ${i}`), totals);
  };
  await Promise.all(Array.from({ length: race.atOnce }, run));
  await until('everybody’s change is there to be seen', async () => order.blockedCount() >= people.length, PATIENCE_MS);
  const last = await decided(sender, people);
  const deniedAtLast = last.filter(({ allowed, because }) => !allowed && !because.includes('unanswered')).length;
  return { changes: people.length, ...totals, deniedAtLast };
}

async function decided(sender: Sender, people: readonly Person[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < people.length; from += DECISIONS_MAX)
    outcomes.push(...(await sender.decide(...people.slice(from, from + DECISIONS_MAX).map(({ waId }) => waId))));
  return outcomes;
}

/** One of the ways in which a number turns out to be somebody else's: another key, a send refused for its key, a new number. */
function changeOf(waId: string, random: Random): Item {
  const person = { waId };
  return random.pick([
    () => text(person, 60, 'h2'),
    () => text(person, 60, 'h2'),
    () => statusOf(person, 60, { status: 'failed', errors: [{ code: 137_000, title: 'mismatch' }] }),
    () => system(person, 60, { type: 'user_changed_number', body: 'changed', wa_id: `9${waId}` }),
  ])();
}

const post = (line: Line, items: readonly Item[]) =>
  until('a webhook is answered', async () => (await line.post(bodyOf(items))) === 200, PATIENCE_MS);

/** All are known and clear, and their contacts too. */
async function acquaint({ line, sender, waIdOf }: Race, people: readonly Person[]): Promise<void> {
  const first = people.map(({ waId }) => text({ waId }, 0, KNOWN_HASH));
  for (let from = 0; from < first.length; from += ITEMS_PER_BODY) await post(line, first.slice(from, from + ITEMS_PER_BODY));
  await until('everybody may be written to', async () => (await decided(sender, people)).every(({ allowed }) => allowed), PATIENCE_MS);
  const rows = await line.query<{ contact_id: string; wa_id: string }>(
    `select contact_id, split_part(identifier, ':', 2) as wa_id from identifier_period where identifier = any($1)`,
    [people.map(({ waId }) => `w:${waId}`)],
  );
  for (const { contact_id, wa_id } of rows) waIdOf.set(contact_id, wa_id);
}

async function raceOne({ line, sender, order }: Race, { waId, change }: Person, random: Random, totals: Totals): Promise<void> {
  const send = async (afterMs: number, asks: boolean) => {
    await pause(afterMs);
    const begun = order.next();
    const [outcome] = asks ? await sender.decide(waId) : [await sender.send(waId)];
    totals.sends += 1;
    const late = order.wasBlockedBefore(waId, begun);
    if (late && outcome?.allowed) totals.allowedAfter += 1;
    if (!late && order.wasBlockedBefore(waId, order.next())) totals.racing += 1;
  };
  const sends = Array.from({ length: SENDS_EACH }, () => [random.int(2 * SPREAD_MS), random.chance(DECISIONS_SHARE)] as const);
  const changed = async (afterMs: number) => {
    await pause(afterMs);
    await post(line, [change]);
  };
  await Promise.all([changed(random.int(SPREAD_MS)), ...sends.map(([afterMs, asks]) => send(afterMs, asks))]);
}
