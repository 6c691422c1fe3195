import { Fragment, type ReactNode } from 'react';
import { useWords } from '../../words/language.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import type { Filter } from '../queue/filter.ts';
import { queueWords } from '../queue/words.tsx';
import { bulkWords } from './words.tsx';

/** Which changes are meant, as the queue says it where they are narrowed down; nothing named: all. */
export function OnFilter({ filter }: { filter: Filter }) {
  const w = useWords(bulkWords);
  const { olderThan, signals, categories, turns, ...labels } = useWords(queueWords);
  const named = (words: Readonly<Record<string, string>>, value: string) => words[value] ?? value;
  const says: { readonly [Key in keyof Filter]-?: (value: string) => ReactNode } = {
    signal: (value) => `${labels.signal}: ${named(signals, value)}`,
    phoneNumberId: (value) => (
      <>
        {labels.number}: <OurNumber phoneNumberId={value} />
      </>
    ),
    olderThan: (value) => `${labels.age}: ${named(olderThan, value)}`,
    stake: (value) => `${labels.stake}: ${named(categories, value)}`,
    awaits: (value) => `${labels.awaits}: ${named(turns, value)}`,
    group: () => w.oneStorm,
  };
  const parts = Object.entries(filter).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, said: says[key as keyof Filter](value) }],
  );
  return (
    <p role="status">
      <strong>{w.onAll}</strong>
      {parts.map(({ key, said }) => (
        <Fragment key={key}> · {said}</Fragment>
      ))}
    </p>
  );
}
