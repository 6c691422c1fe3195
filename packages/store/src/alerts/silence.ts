import { type AlertFacts, MINUTE_MS } from '@keyturn/contracts';
import { factsOf, silenceOf } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { endsOf, heardSince } from '../webhook-counts/heard.ts';

type Bounds = { readonly minutes: number; readonly atLeast: number };

/** What is known of a silence of the line; null: it is none. What is usual is read only once nothing has come for so long. */
export async function silentLine(tx: Tx, { minutes, atLeast }: Bounds): Promise<AlertFacts | null> {
  const ends = await endsOf(tx);
  const bounds = { quietMs: minutes * MINUTE_MS, usualMin: atLeast };
  if (ends === null || ends.countedUntil - ends.lastAt < bounds.quietMs) return null;
  const silence = silenceOf(await heardSince(tx, ends), bounds);
  return silence && factsOf('no_webhooks', { count: silence.usual, since: new Date(silence.since).toISOString() });
}
