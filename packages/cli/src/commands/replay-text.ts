import type { Report } from '@keyturn/replay';

/** What a replay came to, and what is no longer there, for people. */
export function replayText(report: Report): string[] {
  const { webhooks, chosen, events, byType } = report;
  const types = Object.entries(byType).sort(([a], [b]) => a.localeCompare(b));
  return [
    `Replayed: ${counted(chosen, 'webhook')} of ${webhooks} read, ${counted(events, 'event')} published.`,
    ...types.map(([type, count]) => `  ${String(count).padStart(8)} ${type}`),
    ...missing(report),
  ];
}

function missing({ cutBefore, gone, foreign, tooLarge, unrecognized }: Report): string[] {
  const lines: [boolean, string][] = [
    [cutBefore !== null, `Kafka no longer has all that came in before ${cutBefore}: what is older than 7 days can't be replayed.`],
    [gone > 0, `${counted(gone, 'record')} went out of the log while it was read: older than 7 days.`],
    [
      foreign > 0,
      `${counted(foreign, 'record')} passed over, since no ingress wrote them (the key is not the SHA-256 of the body, or a header is missing).`,
    ],
    [tooLarge > 0, `${counted(tooLarge, 'event')} left out: larger than their topic takes (max.message.bytes).`],
    [
      (unrecognized?.gone ?? 0) > 0,
      `${counted(unrecognized?.gone ?? 0, 'webhook')} with something unrecognized: Kafka no longer has the body.`,
    ],
    [
      (unrecognized?.still ?? 0) > 0,
      `${counted(unrecognized?.still ?? 0, 'webhook')} with something that this release does not know either.`,
    ],
  ];
  return lines.filter(([isSo]) => isSo).map(([, line]) => line);
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
