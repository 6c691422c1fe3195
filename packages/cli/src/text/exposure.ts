import type { ExposureCounts, ExposureJson } from '@keyturn/contracts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { exact, when } from './when.ts';

const line = (label: string, text: string) => `${label.padEnd(10)} ${text}`;

/** What went out on both sides of a block, and the messages of this page. */
export function exposureText(exposure: ExposureJson, now: Date): string[] {
  const { blockedAt, decidedAt, since, sinceElsewhere, recordedSince, beforeBlock, afterBlock, ungated, items } = exposure;
  if (blockedAt === null) return ['It was never blocked, so nothing counts as exposed.'];
  const from = (at: string | null) => (at === null ? 'the beginning: nothing showed the holder there' : when(at, now));
  const rows = items.map(({ at, reach, category, phoneNumberId, wamid }) =>
    [exact(at), reach, category ?? 'unknown', phoneNumberId, wamid].map(plain),
  );
  return [
    line('Blocked', `${when(blockedAt, now)}${decidedAt === null ? '' : `, decided ${when(decidedAt, now)}`}`),
    ...since.map(({ phoneNumberId, at }, i) => line(i === 0 ? 'Counted' : '', plain(`${phoneNumberId} from ${from(at)}`))),
    line(since.length === 0 ? 'Counted' : '', `${since.length === 0 ? 'all numbers' : 'other numbers'} from ${from(sinceElsewhere)}`),
    line('Recorded', recordedSince === null ? 'nothing yet' : `since ${exact(recordedSince)}; what was sent before is not known`),
    line('Before', countsText(beforeBlock)),
    line('After', countsText(afterBlock)),
    ...ungatedLines(ungated, now),
    ...(rows.length === 0 ? [] : ['', ...table(['WHEN', 'REACH', 'CATEGORY', 'NUMBER', 'MESSAGE'], rows)]),
  ];
}

/** The counts in words: \`3 read, 1 delivered (2 marketing, 2 utility); 1 failed\`. */
function countsText({ byCategory, failed, ...reached }: ExposureCounts): string {
  const some = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${plain(name)}`]));
  const [went, kinds] = [some({ read: reached.read, delivered: reached.delivered, sent: reached.sent }), some(byCategory)];
  const lost = failed === 0 ? '' : `; ${failed} failed`;
  return `${went.length === 0 ? 'nothing' : `${went.join(', ')} (${kinds.join(', ')})`}${lost}`;
}

/** The same in one line, for who decides. */
export const exposureLine = ({ contactId, beforeBlock, afterBlock }: ExposureJson): string =>
  line('Exposed', `before the block ${countsText(beforeBlock)}; since ${countsText(afterBlock)}. keyturn exposure ${contactId}`);

/** What went past the gate to somebody who is blocked. */
export const ungatedLines = (ungated: ExposureJson['ungated'], now: Date): string[] =>
  ungated === undefined
    ? []
    : [
        line(
          'Ungated',
          plain(`${ungated.messages} past the gate, from ${ungated.phoneNumberIds.join(', ')}, the last ${when(ungated.lastAt, now)}`),
        ),
      ];
