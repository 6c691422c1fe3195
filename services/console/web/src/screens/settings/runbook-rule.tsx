import { groupedNumber } from '@keyturn/domain/grouped-number';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { numbersQuery } from '../../api/queries.ts';
import { Field } from '../../shown/field.tsx';
import { useWords } from '../../words/language.tsx';
import { queueWords } from '../queue/words.tsx';
import type { Draft } from './runbook-draft.ts';
import { runbookWords } from './runbook-words.tsx';

type Props = {
  readonly draft: Draft;
  readonly isFirst: boolean;
  readonly onDraft: (draft: Draft) => void;
  readonly onFirst: () => void;
  readonly onRemove: () => void;
};

/** One rule of the runbook while it is written: of whom it speaks, and what it says. */
export function RunbookRuleCard({ draft, isFirst, onDraft, onFirst, onRemove }: Props) {
  const w = useWords(runbookWords);
  const { signals, categories } = useWords(queueWords);
  const numbers = useQuery(numbersQuery()).data?.items ?? [];
  const ours = numbers.flatMap(({ phoneNumberId, verifiedName, displayNumber }): [string, string][] =>
    phoneNumberId === null ? [] : [[phoneNumberId, verifiedName ?? groupedNumber(displayNumber ?? phoneNumberId)]],
  );
  const ticks = (key: 'evidence' | 'phoneNumberIds' | 'optedInTo') => ({
    ticked: draft[key],
    onTicked: (ticked: readonly string[]) => onDraft({ ...draft, [key]: ticked }),
  });
  return (
    <li className="card">
      <h3>
        <bdi>{w.rule(draft.name)}</bdi>
      </h3>
      <Field label={w.name} value={draft.name} onChange={(name) => onDraft({ ...draft, name })} maxLength={100} isRequired />
      <Ticks legend={w.evidence} options={Object.entries(signals)} {...ticks('evidence')} />
      {ours.length > 1 && <Ticks legend={w.numbers} options={ours} {...ticks('phoneNumberIds')} />}
      <Ticks legend={w.optedIn} options={Object.entries(categories)} {...ticks('optedInTo')} />
      <p className="quiet">{w.any}</p>
      <Field label={w.text} lines={5} value={draft.text} onChange={(text) => onDraft({ ...draft, text })} maxLength={4_000} isRequired />
      <p className="buttons">
        {!isFirst && (
          <Button aria-label={w.up(draft.name)} onPress={onFirst}>
            {w.upShort}
          </Button>
        )}
        <Button aria-label={w.remove(draft.name)} onPress={onRemove}>
          {w.removeShort}
        </Button>
      </p>
    </li>
  );
}

type TicksProps = {
  readonly legend: string;
  readonly options: readonly (readonly [string, string])[];
  readonly ticked: readonly string[];
  readonly onTicked: (ticked: readonly string[]) => void;
};
const Ticks = ({ legend, options, ticked, onTicked }: TicksProps) => (
  <fieldset className="ticks">
    <legend>{legend}</legend>
    {options.map(([value, word]) => (
      <label key={value} className="check">
        <input
          type="checkbox"
          checked={ticked.includes(value)}
          onChange={({ target }) => onTicked(target.checked ? [...ticked, value] : ticked.filter((one) => one !== value))}
        />{' '}
        <bdi>{word}</bdi>
      </label>
    ))}
  </fieldset>
);
