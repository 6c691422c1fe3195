import { type HealthJson, SECOND_MS } from '@keyturn/contracts';
import { alertWords, factsOf } from '@keyturn/domain';

/** So far behind, a consumer or the relay is no longer only busy. */
const BEHIND_SECONDS = 30;
/** Webhooks are counted every 20 seconds. */
const UNCOUNTED_SECONDS = 120;

type Found = Omit<HealthJson, 'healthy' | 'concerns'>;

/** What is not as it should be, the worst first: what stands still, what is behind, what does not come in, what somebody has to decide on. Changes that await a
 *  decision are no concern of the line's. */
export function concernsOf(found: Found): string[] {
  const { consumers, outbox, deadLetters } = found;
  const waitedSeconds = secondsSince(outbox.oldestAt, found);
  const letters = deadLetters.reduce((sum, { open }) => sum + open, 0);
  return [
    ...consumers.filter(({ logLost }) => logLost).map(({ group }) => `${group} has stopped: its log ends before what was applied from it`),
    ...consumers.filter(({ caughtUpAt }) => caughtUpAt === null).map(({ group }) => `${group} has not caught up yet`),
    ...consumers
      .filter(({ behindSeconds }) => (behindSeconds ?? 0) > BEHIND_SECONDS)
      .map(({ group, behindSeconds }) => `${group} is ${behindSeconds} s behind`),
    ...(waitedSeconds > BEHIND_SECONDS ? [`the relay is behind: the oldest of ${outbox.waiting} records waits ${waitedSeconds} s`] : []),
    ...aboutWebhooks(found),
    ...(letters > 0 ? [`${letters} dead ${letters === 1 ? 'letter waits' : 'letters wait'} for a decision`] : []),
  ];
}

function aboutWebhooks(found: Found): string[] {
  const { silence, countedTo } = found.webhooks;
  const { what, check, labels } = alertWords.en;
  if (silence !== null) {
    const facts = factsOf('no_webhooks', { since: silence.since, count: silence.usual });
    return [`${what.no_webhooks(facts, silence.usual)}. ${labels.check}: ${check.no_webhooks}`];
  }
  return secondsSince(countedTo, found) > UNCOUNTED_SECONDS
    ? [`webhooks have not been counted since ${countedTo}, so nobody would be told if none came: the relay's log says why`]
    : [];
}

const secondsSince = (instant: string | null, { asOf }: Found): number =>
  instant === null ? 0 : Math.round((Date.parse(asOf) - Date.parse(instant)) / SECOND_MS);
