import type { BulkDecisionJson, BulkException, BulkRowJson } from '@keyturn/contracts';
import type { Named } from '../console/named-actors.ts';
import { plain } from './plain.ts';
import { exact } from './when.ts';

const exceptions: Record<BulkException, string> = {
  moved_on: 'something newer came in, or the contact was merged',
  not_blocked: 'decided already',
  nothing_to_split: 'nothing that could be given to another person',
  not_found: 'nobody has this id',
  failed: 'the attempt failed; the log of the console says why',
};

/** How many changes a bulk decision is about, and how each kind of them ended or would end. */
export function bulkText(bulk: BulkDecisionJson, named: Named): string[] {
  const { bulkId, status, verdict, reason, createdBy, startedBy, more, counts } = bulk;
  const { total, waiting, decided } = counts;
  return [
    plain(`Bulk decision ${bulkId}: ${status}`),
    line('Verdict', `${verdict.replace('_', ' ')}: ${reason}`),
    line('Said by', startedBy === null ? `${named(createdBy)} (dry run)` : named(startedBy)),
    line('Changes', `${total}${more ? ' of more: run it again for the others' : ''}`),
    ...(decided > 0 || status !== 'ready' ? [line('Decided', String(decided))] : []),
    ...(waiting > 0 ? [line(status === 'ready' ? 'To decide' : 'Left', String(waiting))] : []),
    ...counts.exceptions.map(({ reason: why, count }, i) => line(i === 0 ? 'Exceptions' : '', `${count} ${exceptions[why] ?? why}`)),
  ];
}
const line = (label: string, text: string) => plain(`${label.padEnd(10)} ${text}`);

/** What became of one change, as cells of a table. */
export const bulkRowCells = ({ place, contactId, outcome, reason, newContactId, decidedAt }: BulkRowJson): string[] => [
  String(place),
  contactId,
  outcome,
  decidedAt === null ? '' : exact(decidedAt),
  reason === null ? (newContactId === null ? '' : `now ${newContactId}`) : (exceptions[reason] ?? reason),
];
