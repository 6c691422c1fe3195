import type { IdentityChangeCountsJson } from '@keyturn/contracts';
import { groupedNumber } from '@keyturn/domain/grouped-number';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { numbersQuery } from '../../api/queries.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import type { Filter } from './filter.ts';
import { queueWords } from './words.tsx';

type Props = {
  readonly filter: Filter;
  readonly counts: IdentityChangeCountsJson | undefined;
  readonly onFilter: (filter: Filter) => void;
};

/** Narrows the queue down; the URL keeps it. */
export function Filters({ filter, counts, onFilter }: Props) {
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
      <Choice
        label={w.signal}
        any={w.any}
        options={Object.entries(w.signals)}
        counts={countsBy(counts?.bySignal, 'signal')}
        {...one('signal')}
      />
      {ours.length > 1 && (
        <Choice
          label={w.number}
          any={w.any}
          options={ours}
          counts={countsBy(counts?.byPhoneNumber, 'phoneNumberId')}
          {...one('phoneNumberId')}
        />
      )}
      <Choice
        label={w.age}
        any={w.any}
        options={Object.entries(w.olderThan)}
        counts={countsBy(counts?.byAge, 'olderThan')}
        {...one('olderThan')}
      />
      <Choice
        label={w.stake}
        any={w.any}
        options={Object.entries(w.categories)}
        counts={countsBy(counts?.byStake, 'stake')}
        {...one('stake')}
      />
      <Choice
        label={w.awaits}
        any={w.any}
        options={Object.entries(w.turns)}
        counts={countsBy(counts?.byAwaits, 'awaits')}
        {...one('awaits')}
      />
    </fieldset>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly any: string;
  readonly options: readonly (readonly [string, string])[];
  readonly counts: ReadonlyMap<string, number>;
  readonly value: string;
  readonly onValue: (value: string) => void;
};
/** The device's own list: nothing is easier to hit on a phone. */
function Choice({ label, any, options, counts, value, onValue }: ChoiceProps) {
  const id = useId();
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  return (
    <div className="choice" data-set={value !== ''}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={({ target }) => onValue(target.value)}>
        <option value="">{any}</option>
        {options.map(([key, word]) => (
          <option key={key} value={key}>
            {counts.has(key) ? `${word} (${format.format(counts.get(key) ?? 0)})` : word}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How many there are of each, by the name of each. */
const countsBy = <Key extends string>(
  counts: readonly ({ readonly count: number } & { readonly [One in Key]: string })[] | undefined,
  key: Key,
) => new Map((counts ?? []).map((one) => [one[key] as string, one.count]));
