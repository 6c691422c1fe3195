import { setTimeout as pause } from 'node:timers/promises';
import type { Send } from '@keyturn/domain';
import type { Log } from '@keyturn/runtime';
import { type Database, keepMonths, learnSpellings, type SentMessage } from '@keyturn/store';
import { jsonOf } from './json-of.ts';
import { rememberSent } from './remember-sent.ts';
import { spellingsIn } from './spellings-in.ts';
import { tellRefusals } from './tell-refusals.ts';

/** What is known of a message when it goes out. */
export type Going = { readonly send: Send; readonly template: string | null } & Pick<SentMessage, 'contactId' | 'keyHash' | 'actor'>;
/** What the gate keeps of a message once the platform has answered. */
export type AfterSend = {
  /** Resolves when a refusal may go back. */
  refused(going: Going, answer: string): Promise<void>;
  /** Beside everything else: whom it went to, under which hash, and how the platform spells the number. `answer`: the text of it, null where it took nothing or
   *  can't be read; told when it goes out, since a gate that stops waits for what it was told of. */
  took(going: Going, answer: Promise<string | null>): void;
  /** Waits two seconds at the most for what is still being answered, then until all of it is written. */
  stop(): Promise<void>;
};
/** The callers are gone by then, and what is written after has to be within `SHUTDOWN_TIMEOUT_MS` too. */
const ANSWERS_MAX_MS = 2_000;
type Parts = { readonly database: Database; readonly keptDays: number; readonly now: () => Date; readonly log: Log };

/** Keeps it in the database. */
export function afterSend({ database, keptDays, now, log }: Parts): AfterSend {
  const { pool } = database;
  const months = keepMonths(database, { tables: ['outbound_sent', 'gate_decision'], days: keptDays, log });
  const refusals = tellRefusals({ pool, now, log });
  const memory = rememberSent({ pool, now, log });
  const underWay = new Set<Promise<void>>();
  const keep = async ({ send, ...going }: Going, text: string): Promise<void> => {
    const answer = jsonOf(text);
    memory.remember({ ...going, phoneNumberId: send.phoneNumberId, category: send.category }, answer);
    const spellings = spellingsIn(answer, send);
    if (spellings.length > 0) await learnSpellings(pool, spellings, now());
  };
  return {
    refused: ({ send, keyHash }, answer) => refusals.tell(send, keyHash, answer),
    took(going, answer) {
      const kept = answer
        .then(async (text) => {
          if (text !== null) await keep(going, text);
        })
        .catch((error: Error) => log.warn({ reason: error.message }, 'what the platform answered to a send is not kept'))
        .finally(() => underWay.delete(kept));
      underWay.add(kept);
    },
    async stop() {
      months.stop();
      const enough = pause(ANSWERS_MAX_MS, 'enough', { ref: false });
      while (underWay.size > 0 && (await Promise.race([Promise.all(underWay), enough])) !== 'enough'); // also what goes out meanwhile
      await Promise.all([refusals.stop(), memory.stop()]);
    },
  };
}
