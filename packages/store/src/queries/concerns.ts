import { type HealthJson, SECOND_MS } from '@keyturn/contracts';

/** So far behind, a consumer or the relay is no longer only busy. */
const BEHIND_SECONDS = 30;

/** What is not as it should be, the worst first: what stands still, what is behind, what somebody has to decide on. Changes that await a decision are no
 *  concern of the line's. */
export function concernsOf({ consumers, outbox, deadLetters, asOf }: Omit<HealthJson, 'healthy' | 'concerns'>): string[] {
  const waitedSeconds = outbox.oldestAt === null ? 0 : Math.round((Date.parse(asOf) - Date.parse(outbox.oldestAt)) / SECOND_MS);
  const letters = deadLetters.reduce((sum, { open }) => sum + open, 0);
  return [
    ...consumers.filter(({ logLost }) => logLost).map(({ group }) => `${group} has stopped: its log ends before what was applied from it`),
    ...consumers.filter(({ caughtUpAt }) => caughtUpAt === null).map(({ group }) => `${group} has not caught up yet`),
    ...consumers
      .filter(({ behindSeconds }) => (behindSeconds ?? 0) > BEHIND_SECONDS)
      .map(({ group, behindSeconds }) => `${group} is ${behindSeconds} s behind`),
    ...(waitedSeconds > BEHIND_SECONDS ? [`the relay is behind: the oldest of ${outbox.waiting} records waits ${waitedSeconds} s`] : []),
    ...(letters > 0 ? [`${letters} dead ${letters === 1 ? 'letter waits' : 'letters wait'} for a decision`] : []),
  ];
}
