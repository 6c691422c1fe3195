import type { GateState } from '@keyturn/domain';
import { coalesce, type Log } from '@keyturn/runtime';
import { checkApiKeys, type Database, type GateAsked, type KeyCheck, readGateStates, type WabaScope } from '@keyturn/store';
import { askOne, READ_MAX_MS, within } from './within.ts';

/** What is known of those whom a request asks about, in their order; null: of that one nobody can say. */
type States = (Omit<GateState, 'number'> | null)[];
type Asked = { readonly asked: readonly GateAsked[]; readonly wabas: readonly WabaScope[] };
/** What the database says when it is asked, never what it said before. Rejects where it does not answer. */
export type Look = {
  /** Whether a key is good. */
  check(key: string): Promise<KeyCheck>;
  states(asked: Asked): Promise<States>;
};

/** That share a look, and how many sends they may ask about together; a request alone may ask about as many. A look takes PostgreSQL and us about as
 *  much time as a dozen of those that it is for, so the few who come within four milliseconds share one, too; and with some full ones at a time both work. */
const REQUESTS_MAX = 64;
const SENDS_MAX = 1_000;
const LOOKS_MAX = 4;
const LOOK_EVERY_MS = 4;

type Deps = {
  readonly pool: Database['pool'];
  readonly now: () => Date;
  /** Whether what was sent lately is asked as well. */
  readonly counts: boolean;
  readonly log: Log;
};
type Question = string | Asked;
type Answer = KeyCheck | States;

/** Looks that many share while another is under way: keys and states go to PostgreSQL in one piece, each as a statement of its own, so that what can't be
 *  read of contacts says nothing of a key. A key that many present is asked about once a look, and they get the same promise. */
export function lookWith(deps: Deps): Look {
  const waiting = new Map<string, Promise<KeyCheck>>();
  const ask = coalesce<Question, Answer>(
    (questions) => {
      const keys = questions.filter((one) => typeof one === 'string');
      for (const key of keys) waiting.delete(key);
      return look(deps, questions, keys);
    },
    {
      itemsMax: REQUESTS_MAX,
      weight: { of: (one) => (typeof one === 'string' ? 0 : one.asked.length), max: SENDS_MAX },
      atOnce: LOOKS_MAX,
      everyMs: LOOK_EVERY_MS,
    },
  );
  return {
    check(key) {
      const known = waiting.get(key);
      if (known !== undefined) return known;
      const checking = ask(key) as Promise<KeyCheck>;
      waiting.set(key, checking);
      return checking;
    },
    states: (asked) => ask(asked) as Promise<States>,
  };
}

async function look({ pool, now, counts, log }: Deps, questions: readonly Question[], keys: readonly string[]) {
  const groups = questions.filter((one) => typeof one !== 'string');
  const asked = groups.flatMap((group) => group.asked);
  const wabas = groups.at(-1)?.wabas ?? []; // as of a moment ago for all of them
  const unreadable = (contactId: string, error: unknown) =>
    log.error(
      { contactId, reason: (error as Error).message },
      'what is stored of a contact can’t be read: whatever is sent to it is denied',
    );
  const asking = askOne(pool, (tx) => [
    keys.length === 0 ? [] : checkApiKeys(tx, keys, now()),
    asked.length === 0 ? [] : readGateStates(tx, asked, wabas, { counts, unreadable }),
  ]);
  const [checks, states] = await Promise.allSettled([
    within(READ_MAX_MS, async () => (await asking)[0]),
    within(READ_MAX_MS, async () => (await asking)[1]),
  ]);
  let [key, state] = [0, 0];
  return questions.map((one): Answer | Promise<Answer> => {
    if (typeof one === 'string') return checks.status === 'rejected' ? Promise.reject(checks.reason) : (checks.value[key++] as KeyCheck);
    const from = state;
    state += one.asked.length;
    return states.status === 'rejected' ? Promise.reject(states.reason) : states.value.slice(from, state);
  });
}
