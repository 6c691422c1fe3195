import type { BulkDecisionJson } from '@keyturn/contracts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { bulkWords } from './words.tsx';

/** On how many it is not decided, and why. */
export function Exceptions({ exceptions }: { exceptions: BulkDecisionJson['counts']['exceptions'] }) {
  const w = useWords(bulkWords);
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  if (exceptions.length === 0) return null;
  return (
    <div>
      <p>{w.exceptions}</p>
      <ul>
        {exceptions.map(({ reason, count }) => (
          <li key={reason}>
            {reason in w.reasons ? w.reasons[reason as keyof typeof w.reasons] : w.other}: {format.format(count)}
          </li>
        ))}
      </ul>
    </div>
  );
}
