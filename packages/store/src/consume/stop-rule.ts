import { AppError } from '@keyturn/contracts';

const WINDOW = 1_000;
const CONTACTS_MAX = 20;
const SHARE_MAX = 0.01;

/** Guards against dead-lettering the world: a fault of ours that throws for everybody stops the consumer instead. */
export type StopRule = {
  /** Looks at the outcomes of a batch before it is committed (null: fine; else whom the dead letter is about). Throws `consumer.stopped` where the
   *  last 1,000 events then hold dead letters about 20 contacts and 1 % of them: the batch is then not to be committed. */
  check(outcomes: readonly (string | null)[]): void;
  /** Takes the outcomes of a committed batch in. */
  add(outcomes: readonly (string | null)[]): void;
};

/** Of what is read again on request: each that fails is open again, and its group goes on. */
export const neverStops: StopRule = { check() {}, add() {} };

/** A stop rule for one consumer, over what it has seen since its start. */
export function stopRule(group: string): StopRule {
  let recent: readonly (string | null)[] = [];
  const withNext = (outcomes: readonly (string | null)[]) => [...recent, ...outcomes].slice(-WINDOW);
  return {
    check(outcomes) {
      const window = withNext(outcomes);
      const dead = window.filter((contact) => contact !== null);
      if (new Set(dead).size < CONTACTS_MAX || dead.length < window.length * SHARE_MAX) return;
      throw new AppError(
        'consumer.stopped',
        `${group} could not decide on ${dead.length} of the last ${window.length} events: that is a fault of ours, not of the events. Nothing of this batch was applied. Mend it and start ${group} again.`,
      );
    },
    add(outcomes) {
      recent = withNext(outcomes);
    },
  };
}
