import { Fragment, type ReactNode } from 'react';
import { Ltr } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import { queueWords } from '../queue/words.tsx';
import type { Typed } from './draft.ts';
import { fieldOf } from './faults.ts';
import { regions } from './route-fields.ts';
import { alertingWords } from './words.tsx';

/** Says fields and what stands in them in words. */
export function useSaidValue(kind?: unknown): { label(path: string): string; value(path: string, typed: Typed | undefined): ReactNode } {
  const w = useWords(alertingWords);
  const alerts = useWords(alertWords);
  const queue = useWords(queueWords);
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const label = (path: string) => {
    const field = fieldOf(path, kind);
    const word = field in w.labels ? w.labels[field as keyof typeof w.labels] : field;
    const [, step] = /^escalate\.(\d+)\./.exec(path) ?? [];
    return step === undefined ? word : `${w.step(Number(step) + 1)}${w.comma}${word}`;
  };
  const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    ...{ kind: { ...alerts.ruleKinds, ...alerts.kinds }, severity: w.severities, language: w.languages },
    ...{ 'when.signals': queue.signals, 'when.optedInTo': queue.categories },
  };
  const one = (field: string, value: string): ReactNode => {
    if (field === 'when.phoneNumberIds') return <OurNumber phoneNumberId={value} />;
    const region = field === 'url' ? Object.entries(regions).find(([, url]) => url === value)?.[0] : undefined;
    if (region !== undefined) return w.regions[region as keyof typeof w.regions];
    const word = names[field]?.[value];
    if (word !== undefined) return word;
    return /^\d+$/.test(value) ? format.format(Number(value)) : <Ltr className="wrap">{value}</Ltr>;
  };
  const value = (path: string, typed: Typed | undefined): ReactNode => {
    if (typeof typed === 'boolean') return typed ? w.yes : w.no;
    const all = typeof typed === 'string' ? typed.split('\n').filter((line) => line !== '') : (typed ?? []);
    if (all.length === 0) return w.nothing;
    return all.map((item, i) => (
      <Fragment key={item}>
        {i > 0 && w.comma}
        {one(fieldOf(path), item)}
      </Fragment>
    ));
  };
  return { label, value };
}
