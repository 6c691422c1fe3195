import type { DeadLetterDecision, DeadLetterDetailJson, DeadLetterJson } from '@keyturn/contracts';
import type { Named } from '../console/named-actors.ts';
import { plain } from './plain.ts';
import { table } from './table.ts';
import { when } from './when.ts';

const CAUSE_CHARACTERS_MAX = 80;

/** Dead letters, one a line. */
export function deadLetterTable(letters: readonly DeadLetterJson[], now: Date): string[] {
  const rows = letters.map(({ deadLetteredAt, deadLetterId, group, eventType, contactId, key, attempts, cause }) => [
    when(deadLetteredAt, now),
    deadLetterId,
    group,
    plain(eventType ?? 'unknown'),
    contactId ?? plain(key ?? 'nobody'),
    String(attempts),
    oneLine(cause),
  ]);
  return table(['SINCE', 'DEAD LETTER', 'GROUP', 'EVENT', 'ABOUT', 'TRIES', 'CAUSE'], rows);
}
function oneLine(text: string): string {
  const line = plain(text.replaceAll(/\s+/g, ' '));
  return line.length <= CAUSE_CHARACTERS_MAX ? line : `${line.slice(0, CAUSE_CHARACTERS_MAX - 1)}…`;
}

/** All of one dead letter: what failed, on what, and what was decided. */
export function deadLetterText(letter: DeadLetterDetailJson, now: Date, named: Named): string[] {
  const { deadLetterId, status, outcome, code, cause, group, topic, partition, offset, contactId, key, headers, event, stack } = letter;
  return [
    line('Dead letter', `${deadLetterId} is ${status}${outcome === null ? '' : `: ${outcome}`}`),
    ...block('Cause', [`${code}:`, ...cause.split('\n')]),
    line('Read by', `${group}, ${topic}/${partition} at offset ${offset}`),
    line('About', `${contactId === null ? 'nobody known' : `contact ${contactId}`}, key ${key ?? '(none)'}`),
    ...(letter.occurredAt === null ? [] : [line('Happened', when(letter.occurredAt, now))]),
    line('Since', `${when(letter.deadLetteredAt, now)}, tried ${letter.attempts} times, kept until ${when(letter.expiresAt, now)}`),
    ...block(
      'Decided',
      letter.decisions.map((decision) => decisionLine(decision, now, named)),
    ),
    ...block(
      'Headers',
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ),
    ...block('Event', event === null ? [`no JSON; base64: ${letter.valueBase64}`] : JSON.stringify(event, null, 2).split('\n')),
    ...block('Stack', stack.split('\n')),
  ];
}

const decisionLine = ({ action, actor, reason, decidedAt }: DeadLetterDecision, now: Date, named: Named): string =>
  `${action} by ${named(actor)}, ${when(decidedAt, now)}: ${reason}`;
const line = (label: string, text: string): string => `${label.padEnd(12)} ${plain(text)}`.trimEnd();
const block = (label: string, texts: readonly string[]): string[] => texts.map((text, i) => line(i === 0 ? label : '', text));
