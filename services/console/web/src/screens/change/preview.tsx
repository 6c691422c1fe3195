import type { ConsentCategory, ContactJson, Verdict, VerdictPreview } from '@keyturn/contracts';
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
  const { released, optIns, optOuts, serviceWindows, businessBlocked, known, holder } = preview.outcome;
  const list = (those: readonly ConsentCategory[], say: (list: string) => string) =>
    those.length === 0 ? [] : [say(new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(those.map((one) => categories[one])))];
  const lost = [...optIns.stay, ...optIns.end].filter((one) => known.consent[one].status !== 'opted_in');
  const consents = isSame
    ? [...list(optIns.stay, w.optInsStay), ...list(optIns.end, w.optInsEnd), ...list(optOuts.stay, w.optOutsStay)]
    : [
        ...(inStatus(holder, 'opted_in').length === 0 ? [w.newNoOptIns] : list(inStatus(holder, 'opted_in'), w.newOptIns)),
        ...list(inStatus(holder, 'opted_out'), w.newOptOuts),
        ...list(inStatus(known, 'opted_in'), w.oldOptIns),
        ...list(lost, w.oldOptInsEnd),
        ...list(inStatus(known, 'opted_out'), w.oldOptOuts),
      ];
  const lines = [
    ...(released ? [] : [w.notReleased]),
    ...consents,
    ...(serviceWindows.end.length > 0 ? [w.windowsEnd] : []),
    ...(businessBlocked ? [w.staysByChoice] : []),
  ];
  return lines.map((line) => <span key={line}>{line}</span>);
}

const inStatus = ({ consent }: ContactJson, status: 'opted_in' | 'opted_out') =>
  (Object.keys(consent) as ConsentCategory[]).filter((category) => consent[category].status === status);
