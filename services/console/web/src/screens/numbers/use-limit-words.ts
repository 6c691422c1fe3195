import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { chartsWords } from './chart-words.tsx';
import { peopleOf } from './limit.ts';

/** Says a limit in words; null where nobody knows what the platform's word means. */
export function useLimitWords(): (limit: string) => string | null {
  const w = useWords(chartsWords);
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  return (limit) => {
    const people = peopleOf(limit);
    if (people === null) return null;
    return Number.isFinite(people) ? w.aDay(format.format(people)) : w.unlimited;
  };
}
