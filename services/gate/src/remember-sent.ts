import type { Log } from '@keyturn/runtime';
import { type Database, recordSent, type SentMessage } from '@keyturn/store';
import { sentIn } from './sent-in.ts';
import { writeBehind } from './write-behind.ts';

/** A tenth of a second of the platform's limit for one number (1,000 a second) a statement; ten minutes of a busy gate while the database is away. */
const BOUNDS = { itemsMax: 500, waitingMax: 100_000, gatherMs: 25 };

/** What is known of a message when it goes out. */
type Going = Omit<SentMessage, 'wamid' | 'sentAt' | 'waId' | 'bsuid'>;
/** Remembers what went through the gate. */
export type RememberSent = {
  /** Keeps what the platform took, by its answer as JSON; beside everything else, in milliseconds. What the process had not written when it is killed is lost. */
  remember(going: Going, answer: unknown): void;
  stop(): Promise<void>;
};

/** A memory of what was sent, in the database. */
export function rememberSent({ pool, now, log }: { pool: Database['pool']; now: () => Date; log: Log }): RememberSent {
  const { write, stop } = writeBehind<SentMessage>((sent) => recordSent(pool, sent), { what: 'sent', ...BOUNDS, log });
  return {
    stop,
    remember(going, answer) {
      for (const message of sentIn(answer)) void write({ ...going, ...message, sentAt: now() });
    },
  };
}
