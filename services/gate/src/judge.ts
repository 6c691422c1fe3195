import {
  decideSend,
  digitsOf,
  type GateDecision,
  type GatePolicy,
  homeReadings,
  ownCountryCode,
  type Send,
  spellingKey,
} from '@keyturn/domain';
import type { Log } from '@keyturn/runtime';
import type { GateAsked } from '@keyturn/store';
import type { Look } from './look.ts';
import type { OwnSide } from './own-side.ts';

/** Decides on sends by what is known when it is asked, never by what was known before. A state that can't be read denies, that of one contact whatever goes to
 *  that one. */
export type Judge = (sends: readonly Send[]) => Promise<GateDecision[]>;

type Deps = {
  readonly look: Look;
  readonly ownSide: () => Promise<OwnSide>;
  readonly policy: GatePolicy;
  readonly ageMaxMs: number;
  readonly now: () => Date;
  readonly log: Log;
};

/** A judge by what it sees when it looks. */
export function judgeWith({ look, ownSide, policy, ageMaxMs, now, log }: Deps): Judge {
  const see = async (sends: readonly Send[]) => {
    try {
      const { wabas, numbers } = await ownSide();
      const codeOf = (id: string) => ownCountryCode(policy, id, numbers.get(id)?.countryCode ?? null);
      const asked = sends.map((send) => askedOf(send, codeOf(send.phoneNumberId)));
      return { numbers, states: await look.states({ asked, wabas }) };
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'the state can’t be read: every send is denied');
      return null;
    }
  };
  return async (sends) => {
    const seen = await see(sends);
    const settings = { policy, ageMaxMs, now: now().getTime() };
    return sends.map((send, i) => {
      const state = seen?.states[i] ?? null;
      if (state === null) return decideSend(send, null, settings);
      const { ageMs, byTo, byRecipient, byHome } = state;
      return decideSend(send, { ageMs, byTo, byRecipient, byHome, number: seen?.numbers.get(send.phoneNumberId) ?? null }, settings);
    });
  };
}

/** What is said to be a group and reads as a number is looked up as one: whether it reaches that person is for the platform to know. */
const askedOf = ({ phoneNumberId, to, recipient, category }: Send, countryCode: string | null): GateAsked => ({
  digits: to === null ? null : digitsOf(to),
  spelled: to === null ? null : spellingKey(to, phoneNumberId),
  recipient,
  windows: category === 'service',
  home: to === null || countryCode === null ? [] : homeReadings(to, countryCode),
});
