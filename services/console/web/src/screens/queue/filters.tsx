import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { numbersQuery } from '../../api/queries.ts';
import { groupedNumber } from '../../shown/phone-number.ts';
import { useWords } from '../../words/language.tsx';
import type { Filter } from './filter.ts';
import { queueWords } from './words.tsx';

type Props = { readonly filter: Filter; readonly onFilter: (filter: Filter) => void };

/** Narrows the queue down; the URL keeps it. */
export function Filters({ filter, onFilter }: Props) {
  const w = useWords(queueWords);
  const numbers = useQuery(numbersQuery()).data?.items ?? [];
  const one = (key: keyof Filter) => ({ value: filter[key] ?? '', onValue: (value: string) => onFilter({ ...filter, [key]: value }) });
  const ours = numbers.flatMap(({ phoneNumberId, verifiedName, displayNumber }) =>
    phoneNumberId === null
      ? []
      : [[phoneNumberId, verifiedName ?? (displayNumber === null ? phoneNumberId : groupedNumber(displayNumber))] as const],
  );
  return (
    <fieldset className="filters">
      <legend className="hidden">{w.filters}</legend>
      <Choice label={w.signal} any={w.any} options={Object.entries(w.signals)} {...one('signal')} />
      {ours.length > 1 && <Choice label={w.number} any={w.any} options={ours} {...one('phoneNumberId')} />}
      <Choice label={w.age} any={w.any} options={Object.entries(w.olderThan)} {...one('olderThan')} />
      <Choice label={w.stake} any={w.any} options={Object.entries(w.categories)} {...one('stake')} />
      <Choice label={w.awaits} any={w.any} options={Object.entries(w.turns)} {...one('awaits')} />
    </fieldset>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly any: string;
  readonly options: readonly (readonly [string, string])[];
  readonly value: string;
  readonly onValue: (value: string) => void;
};
/** The device's own list: nothing is easier to hit on a phone. */
function Choice({ label, any, options, value, onValue }: ChoiceProps) {
  const id = useId();
  return (
    <div className="choice" data-set={value !== ''}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onValue(target.value)}>
        <option value="">{any}</option>
        {options.map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </select>
    </div>
  );
}
