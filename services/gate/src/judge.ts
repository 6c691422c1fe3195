import {
  capsAnything,
  decideSend,
  digitsOf,
  type GateDecision,
  type GatePolicy,
  type GateState,
  homeReadings,
  ownCountryCode,
  type Send,
  spellingKey,
} from '@keyturn/domain';
import { coalesce, type Log } from '@keyturn/runtime';
import { type Database, type GateAsked, readGateStates } from '@keyturn/store';
import type { OwnSide } from './own-side.ts';
import { READ_MAX_MS, within } from './within.ts';

/** Decides on sends by what is known when it is asked, never by what was known before. A state that can't be read denies. */
export type Judge = (sends: readonly Send[]) => Promise<GateDecision[]>;

/** That share a statement, and how many sends they may ask about together; a request alone may ask about as many. A statement takes PostgreSQL and us about as
 *  much time as a dozen of those that it is for, so the few who come within two milliseconds share one, too; and with some full ones at a time both work. */
const REQUESTS_MAX = 64;
const SENDS_MAX = 1_000;
const STATEMENTS_MAX = 4;
export const STATEMENT_EVERY_MS = 2;

type Deps = {
  readonly pool: Database['pool'];
  readonly ownSide: () => Promise<OwnSide>;
  readonly policy: GatePolicy;
  readonly ageMaxMs: number;
  readonly now: () => Date;
  readonly log: Log;
};

/** A judge whose questions share one statement while another runs. */
export function judgeWith({ pool, ownSide, policy, ageMaxMs, now, log }: Deps): Judge {
  const counts = capsAnything(policy);
  const read = coalesce<readonly GateAsked[], Omit<GateState, 'number'>[]>(
    (groups) =>
      within(READ_MAX_MS, async () => {
        const states = await readGateStates(pool, groups.flat(), (await ownSide()).wabas, { counts });
        let from = 0;
        return groups.map(({ length }) => {
          const theirs = states.slice(from, from + length);
          from += length;
          return theirs;
        });
      }),
    { itemsMax: REQUESTS_MAX, weight: { of: ({ length }) => length, max: SENDS_MAX }, atOnce: STATEMENTS_MAX, everyMs: STATEMENT_EVERY_MS },
  );
  return async (sends) => {
    const numbers = (await ownSide().catch(() => null))?.numbers;
    const codeOf = ({ phoneNumberId }: Send) => ownCountryCode(policy, phoneNumberId, numbers?.get(phoneNumberId)?.countryCode ?? null);
    const states = await read(sends.map((send) => askedOf(send, codeOf(send)))).catch((error: Error) => {
      log.warn({ reason: error.message }, 'the state can’t be read: every send is denied');
      return null;
    });
    const settings = { policy, ageMaxMs, now: now().getTime() };
    return sends.map((send, i) => {
      const state = states?.[i];
      return decideSend(send, state === undefined ? null : { ...state, number: numbers?.get(send.phoneNumberId) ?? null }, settings);
    });
  };
}

/** What is said to be a group and reads as a number is looked up as one: whether it reaches that person is for the platform to know. */
const askedOf = ({ phoneNumberId, to, recipient, category }: Send, countryCode: string | null): GateAsked => ({
  ...{ digits: to === null ? null : digitsOf(to), spelled: to === null ? null : spellingKey(to, phoneNumberId), recipient },
  windows: category === 'service',
  home: to === null || countryCode === null ? [] : homeReadings(to, countryCode),
});
