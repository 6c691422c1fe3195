import type { MessageReceived } from '@keyturn/contracts';
import { secondOf } from '../seconds.ts';
import { joinNewest } from './newest.ts';
import { join, type Registers } from './register.ts';
import type { NumberValues, SubjectState } from './subjects.ts';

/** What is known together with what is said. Any order and any repeats give the same. */
export const learn = (known: SubjectState, says: SubjectState['registers']): SubjectState => ({
  ...known,
  registers: join(known.registers as Registers<object>, says as Registers<object>),
});

/** What is known of a number of ours after somebody wrote to it. */
export function learnMessage(known: SubjectState, message: MessageReceived): SubjectState {
  const { id, wabaId, displayNumber, identityKeyHash } = message;
  const at = secondOf(message.occurredAt);
  const says: Registers<NumberValues> = {
    waba: { value: { wabaId }, at, id },
    ...(displayNumber === undefined ? {} : { display: { value: { displayNumber }, at, id } }),
  };
  const hashAt = identityKeyHash === undefined ? null : at;
  return {
    ...learn(known, says),
    newest: joinNewest(known.newest ?? [], [[at, id, hashAt === null ? 0 : 1]]),
    lastHashAt: greatest(known.lastHashAt ?? null, hashAt),
  };
}

const greatest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);
