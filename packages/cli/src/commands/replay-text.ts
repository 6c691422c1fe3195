import type { Difference, DryReport, Report } from '@keyturn/replay';

/** What a replay came to, and what is no longer there, for people. */
export function replayText(report: Report): string[] {
  const { webhooks, chosen, events, byType } = report;
  return [
    `Replayed: ${counted(chosen, 'webhook')} of ${webhooks} read, ${counted(events, 'event')} published.`,
    ...table(byType),
    ...missing(report),
  ];
}

/** What a replay would change, for people. */
export function dryRunText(report: DryReport): string[] {
  const { webhooks, chosen, events, changes, contacts, differences, ended } = report;
  const told = Object.values(changes).reduce((sum, count) => sum + count, 0);
  const dead = Object.values(ended).reduce((sum, { dead_lettered = 0 }) => sum + dead_lettered, 0);
  const touched = Object.values(ended).reduce((sum, counts) => sum + (counts.touched ?? 0), 0);
  return [
    `Dry run: ${counted(chosen, 'webhook')} of ${webhooks} read, ${counted(events, 'event')} would be published. Nothing was changed.`,
    told === 0
      ? 'No answer would differ.'
      : `${counted(told, 'change')} would be told, about ${counted(contacts.known, 'known contact')} and ${contacts.new} new:`,
    ...table(changes),
    ...differences.map(differenceLine),
    ...(touched === 0 ? [] : [`${counted(touched, 'record')} would move times that nobody is told of.`]),
    ...(dead === 0 ? [] : [`${counted(dead, 'record')} would become dead letters.`]),
    ...missing(report),
  ];
}

const table = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, count]) => `  ${String(count).padStart(8)} ${what}`);

function differenceLine({ contactId, isNew, slice, types, before, after }: Difference): string {
  const who = isNew ? 'new'.padEnd(contactId.length) : contactId;
  return `  ${who}  ${slice.padEnd(8)}  ${changedKeys(before, after).join(', ') || types.join(', ')}`;
}

/** What of an answer would be another, with what can be said in a word. */
function changedKeys(before: unknown, after: unknown): string[] {
  const [was, is] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(is).flatMap((key) => {
    if (JSON.stringify(was[key]) === JSON.stringify(is[key]) || key === 'version') return [];
    const [from, to] = [word(was[key]), word(is[key])];
    return [from === null || to === null ? key : `${key} ${from} → ${to}`];
  });
}

const word = (value: unknown): string | null =>
  value === null || value === undefined ? 'none' : typeof value === 'object' ? null : String(value);

function missing({ cutBefore, gone, foreign, tooLarge, unrecognized }: Report | DryReport): string[] {
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
