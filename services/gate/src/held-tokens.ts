import type { Log } from '@keyturn/runtime';
import { type Database, readPlatformTokens, type Sealer } from '@keyturn/store';
import { lately } from './lately.ts';
import { askSoon } from './within.ts';

/** The platform's token of a number of ours, as somebody gave it to us: that of the number itself before that of its WABA. Null: none is held, or no key
 *  opens it. Rejects where the database does not answer. */
export type HeldToken = (phoneNumberId: string) => Promise<string | null>;

type Deps = {
  readonly pool: Database['pool'];
  /** Null: this gate has no key, so it holds none. */
  readonly sealer: Sealer | null;
  readonly log: Log;
};

/** Tokens as they were a second ago at the most, read only while somebody sends with them: one that is set or removed counts within that second. */
export function heldTokens({ pool, sealer, log }: Deps): HeldToken {
  if (sealer === null) return async () => null;
  const tokens = lately(() => read(pool, sealer, log));
  return async (phoneNumberId) => (await tokens()).get(phoneNumberId) ?? null;
}

/** By the number that each is for; what is said of a number itself stands last, and so counts. */
async function read(pool: Database['pool'], sealer: Sealer, log: Log): Promise<Map<string, string | null>> {
  const tokens = await askSoon(pool, (tx) => readPlatformTokens(tx, sealer));
  for (const { holder, token } of tokens)
    if (token === null)
      log.warn({ of: holder.kind, id: holder.id }, 'no KEYTURN_TOKEN_KEY of this gate opens a platform token: set it again');
  return new Map(tokens.flatMap(({ phoneNumberIds, token }) => phoneNumberIds.map((id) => [id, token] as const)));
}
