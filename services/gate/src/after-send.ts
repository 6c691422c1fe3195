import type { Send } from '@keyturn/domain';
import type { Log } from '@keyturn/runtime';
import { type Database, keepMonths, learnSpellings, type SentMessage } from '@keyturn/store';
import { rememberSent } from './remember-sent.ts';
import { spellingsIn } from './spellings-in.ts';
import { tellRefusals } from './tell-refusals.ts';

/** What is known of a message when it goes out. */
export type Going = { readonly send: Send; readonly template: string | null } & Pick<SentMessage, 'contactId' | 'keyHash' | 'actor'>;
/** What the gate keeps of a message once the platform has answered. */
export type AfterSend = {
  /** Resolves when a refusal may go back. */
  refused(going: Going, answer: string): Promise<void>;
  /** Beside everything else: whom it went to, under which hash, and how the platform spells the number. */
  took(going: Going, answer: string): void;
  stop(): Promise<void>;
};
type Parts = { readonly database: Database; readonly keptDays: number; readonly now: () => Date; readonly log: Log };

/** Keeps it in the database. */
export function afterSend({ database, keptDays, now, log }: Parts): AfterSend {
  const { pool } = database;
  const months = keepMonths(database, { tables: ['outbound_sent', 'gate_decision'], days: keptDays, log });
  const refusals = tellRefusals({ pool, now, log });
  const memory = rememberSent({ pool, now, log });
  return {
    refused: ({ send, keyHash }, answer) => refusals.tell(send, keyHash, answer),
    took({ send, ...going }, answer) {
      memory.remember({ ...going, phoneNumberId: send.phoneNumberId, category: send.category }, answer);
      const spellings = spellingsIn(answer);
      if (spellings.length === 0) return;
      learnSpellings(pool, spellings, now()).catch((error: Error) => log.warn({ reason: error.message }, 'a spelling is not remembered'));
    },
    async stop() {
      months.stop();
      await Promise.all([refusals.stop(), memory.stop()]);
    },
  };
}
