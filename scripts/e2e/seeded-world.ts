import { type Item, type Person, statusOf, system, text } from './payload.ts';

/** Numbers and choices that are the same for the same seed. */
export type Seeded = {
  below(limit: number): number;
  chance(share: number): boolean;
  pick<One>(some: readonly One[]): One;
  shuffled<One>(some: readonly One[]): One[];
};

/** A generator (mulberry32), good enough to choose what happens next. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const once = Math.imul(state ^ (state >>> 15), state | 1);
    const twice = once ^ (once + Math.imul(once ^ (once >>> 7), once | 61));
    return ((twice ^ (twice >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <One>(some: readonly One[]): One => some[below(some.length)] as One;
  const shuffled = <One>(some: readonly One[]): One[] =>
    some
      .map((one) => ({ one, place: next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ one }) => one);
  return { below, chance: (share) => next() < share, pick, shuffled };
}

type Account = { person: number; number: number; bsuid: string; hash: string };
const STEP_S = 60;

/** A world of persons who write, register anew, change their numbers (to free ones, to those that were left, to those somebody has), and stop. It
 *  says what the platform would say of it, in the order in which it happens; `numbers` are all that were ever used. */
export function seededWorld({ below, chance, pick }: Seeded, size: { persons: number; numbers: number }) {
  const accounts = new Map<number, Account>();
  let [clock, made] = [0, 0];
  const numberOf = (n: number) => (n % 5 === 0 ? `5511${98e7 + n}` : `49151${String(n).padStart(8, '0')}`);
  const fresh = (person: number, number: number): Account => ({
    person,
    number,
    bsuid: `DE.7${String(++made).padStart(6, '0')}`,
    hash: `hash-${made}`,
  });
  const shown = ({ number, bsuid }: Account, shows: 'both' | 'number' | 'bsuid'): Person => ({
    ...(shows === 'bsuid' ? {} : { waId: spelled(numberOf(number)) }),
    ...(shows === 'number' ? {} : { bsuid }),
  });
  /** Brazilian numbers come with and without their ninth digit. */
  const spelled = (number: string) => (number.startsWith('55119') && chance(0.5) ? `5511${number.slice(5)}` : number);
  const writes = (account: Account): Item =>
    text(shown(account, pick(['both', 'both', 'number', 'bsuid'])), clock, chance(0.85) ? account.hash : undefined);

  function moves(was: Account): Item[] {
    const next = fresh(was.person, below(size.numbers));
    for (const [person, { number }] of accounts) if (number === next.number) accounts.delete(person);
    accounts.set(was.person, next);
    const ids = chance(0.5) ? { user_id: next.bsuid, previous_user_id: was.bsuid } : {};
    const notice = { type: 'user_changed_number', body: 'changed', wa_id: numberOf(next.number), ...ids };
    return [
      ...(chance(0.85) ? [system({ waId: numberOf(was.number) }, clock, notice)] : []),
      text(shown(next, 'both'), clock + 5, next.hash),
    ];
  }
  function happens(): Item[] {
    clock += STEP_S;
    const account = accounts.get(below(size.persons));
    if (account === undefined) return [];
    const what = below(20);
    if (what < 3) return moves(account);
    if (what < 5) {
      account.hash = `hash-${++made}`; // registered anew
      return [writes(account)];
    }
    if (what === 5)
      return [statusOf({ waId: numberOf(account.number) }, clock, { status: 'failed', errors: [{ code: 137_000, title: 'mismatch' }] })];
    if (what === 6) return [text(shown(account, 'both'), clock, account.hash, { text: { body: 'STOP' } })];
    return [writes(account)];
  }
  /** Whoever has no number takes one that nobody has. */
  function arrives(): Item[] {
    const person = below(size.persons);
    const number = below(size.numbers);
    if (accounts.has(person) || [...accounts.values()].some((one) => one.number === number)) return [];
    accounts.set(person, fresh(person, number));
    return [writes(accounts.get(person) as Account)];
  }
  return { turn: (): Item[] => (chance(0.2) ? arrives() : happens()) };
}
