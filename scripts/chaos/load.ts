import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../e2e/until.ts';
import { type Ledger, newLedger } from './ledger.ts';
import type { Line } from './line.ts';
import { decideOn } from './operator.ts';
import { bodyOf, type Item, type Plan, passerBy, personOf } from './people.ts';
import { randomOf } from './random.ts';

const WRITERS = 3;
/** People on their way at the same time: so far apart may two items of one person come. */
const ACTIVE_MAX = 60;
const ITEMS_PER_BODY_MAX = 4;
const AGAIN_SHARE = 0.15;
const PACE_MS = 100;
const NOT_ANSWERED_PAUSE_MS = 150;

type Person = { readonly plan: Plan; part: number; open: number };
type Waiting = { readonly person: Person; readonly item: Item; readonly again: boolean };

/** People who write, from a seed, until told to end: items of many in one body, out of order, some twice; what was not answered 200 comes again. */
export type Load = {
  readonly ledger: Ledger;
  /** Whoever has said all of it by now. */
  readonly people: readonly Plan[];
  /** Somebody new says one thing; answers the status. */
  probe(): Promise<number>;
  /** These items in one body, until it is answered 200. */
  say(items: readonly Item[]): Promise<void>;
  /** This person has said all of it. */
  meet(plan: Plan): void;
  /** No new people from now on; resolves when the others have said all, and all was decided. */
  finish(): Promise<void>;
  /** Nobody says anything more. */
  breakOff(): void;
};

export function startLoad(line: Line, seed: number): Load {
  const random = randomOf(seed, 'load');
  const ledger = newLedger();
  const people: Plan[] = [];
  const waiting: Waiting[] = [];
  let [active, nextIndex, probes, finishing, brokenOff] = [0, 0, 0, false, false];
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});

  const begin = (person: Person): void => {
    const items = person.plan.parts[person.part];
    if (items === undefined) {
      people.push(person.plan);
      active -= 1;
      return;
    }
    person.open = items.length;
    for (const item of items) waiting.push({ person, item, again: false });
    if (items.length === 0) void next(person).catch(failed.reject);
  };
  const next = async (person: Person): Promise<void> => {
    if (person.plan.decidedAfter === person.part) await decideOn(line, ledger, person.plan);
    person.part += 1;
    begin(person);
  };
  const arrived = ({ person, item, again }: Waiting): void => {
    if (again) return;
    if (random.chance(AGAIN_SHARE)) waiting.push({ person, item, again: true });
    person.open -= 1;
    if (person.open === 0) void next(person).catch(failed.reject);
  };
  const draw = (): Waiting[] => {
    while (!finishing && active < ACTIVE_MAX) {
      active += 1;
      begin({ plan: personOf(nextIndex, randomOf(seed, `person ${nextIndex}`)), part: 0, open: 0 });
      nextIndex += 1;
    }
    const count = Math.min(waiting.length, 1 + random.int(ITEMS_PER_BODY_MAX));
    return Array.from({ length: count }, () => waiting.splice(random.int(waiting.length), 1)[0] as Waiting);
  };
  const send = async (body: string): Promise<number> => {
    const status = await line.post(body);
    ledger.record(body, status === 200);
    return status;
  };
  const write = async (): Promise<void> => {
    while (!brokenOff && (!finishing || active > 0 || waiting.length > 0)) {
      const drawn = draw();
      const status = drawn.length === 0 ? undefined : await send(bodyOf(drawn.map(({ item }) => item)));
      if (status === 200) drawn.forEach(arrived);
      else waiting.push(...drawn);
      await pause(status === 200 || status === undefined ? PACE_MS : NOT_ANSWERED_PAUSE_MS);
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, write));
  writers.catch(() => {});
  return {
    ...{ ledger, people },
    async probe() {
      const plan = passerBy(probes++);
      const status = await send(bodyOf(plan.parts[0] as Item[]));
      if (status === 200) people.push(plan);
      return status;
    },
    say: (items) => until('a webhook is answered', async () => (await send(bodyOf(items))) === 200),
    meet: (plan) => void people.push(plan),
    breakOff() {
      brokenOff = true;
    },
    async finish() {
      finishing = true;
      await Promise.race([writers, failed.promise]);
    },
  };
}
