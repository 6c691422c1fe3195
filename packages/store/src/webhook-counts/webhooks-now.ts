import { type HealthJson, HOUR_MS, MINUTE_MS } from '@keyturn/contracts';
import { silenceOf, usualWithin } from '@keyturn/domain';
import type { Tx } from '../database.ts';
import { endsOf, FROM_PLATFORM, heardSince, weeksBefore } from './heard.ts';

/** As a rule `no_webhooks` has them that says nothing of it. */
const BOUNDS = { quietMs: 15 * MINUTE_MS, usualMin: 20 };
const none: HealthJson['webhooks'] = { lastAt: null, countedTo: null, lastHour: 0, usualHour: null, silence: null };

/** When the last webhook came, how many do beside how many usually do, and whether none has for longer than usual. */
export async function webhooksNow(tx: Tx): Promise<HealthJson['webhooks']> {
  const ends = await endsOf(tx);
  if (ends === null) return none;
  const to = ends.countedUntil;
  const usual = usualWithin(await weeksBefore(tx, to - HOUR_MS, to), to - HOUR_MS, to);
  const silence = to - ends.lastAt < BOUNDS.quietMs ? null : silenceOf(await heardSince(tx, ends), BOUNDS);
  return {
    ...{ lastAt: instant(ends.lastAt), countedTo: instant(to), lastHour: await cameSince(tx, to - HOUR_MS) },
    ...{ usualHour: usual === null ? null : Math.floor(usual), silence: silence && { ...silence, since: instant(silence.since) } },
  };
}

const instant = (ms: number) => new Date(ms).toISOString();

async function cameSince(tx: Tx, from: number): Promise<number> {
  const { rows } = await tx.query<{ webhooks: number }>({
    name: 'webhooks.since',
    text: `select coalesce(sum(webhooks), 0)::float8 as webhooks from ${FROM_PLATFORM} w where at >= $1`,
    values: [new Date(from)],
  });
  return rows[0]?.webhooks ?? 0;
}
