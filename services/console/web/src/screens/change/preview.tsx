import type { ConsentCategory, Verdict, VerdictPreview } from '@keyturn/contracts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { queueWords } from '../queue/words.tsx';
import { changeWords } from './words.tsx';

/** What a verdict would do to this very contact: tried by the console and rolled back. */
export function Preview({ verdict, preview }: { verdict: Verdict; preview: VerdictPreview | undefined }) {
  const w = useWords(changeWords);
  const { categories } = useWords(queueWords);
  const language = useLanguage();
  const isSame = verdict === 'same_person';
  if (preview === undefined) return <span>{isSame ? w.sameUsually : w.differentUsually}</span>;
  if (preview.outcome === null) return <span>{w.nothingToSplit}</span>;
  const { released, optIns, optOuts, serviceWindows, businessBlocked } = preview.outcome;
  const list = (those: readonly ConsentCategory[], say: (list: string) => string) =>
    those.length === 0 ? [] : [say(new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(those.map((one) => categories[one])))];
  const lines = [
    ...(released ? [] : [w.notReleased]),
    ...list(optIns.stay, isSame ? w.optInsStay : w.optInsOwn),
    ...list(optIns.end, w.optInsEnd),
    ...list(optOuts.stay, w.optOutsStay),
    ...list(optOuts.end, w.optOutsEnd),
    ...(serviceWindows.end.length > 0 ? [w.windowsEnd] : []),
    ...(businessBlocked ? [w.staysByChoice] : []),
  ];
  return lines.map((line) => <span key={line}>{line}</span>);
}
