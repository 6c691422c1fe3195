import { type ReactNode, useId } from 'react';
import { Field } from '../../shown/field.tsx';
import { useWords } from '../../words/language.tsx';
import type { Typed } from './draft.ts';
import { type Faults, fieldOf } from './faults.ts';
import { alertingWords } from './words.tsx';

/** What a form holds, and how its rows say that something was typed. */
type Filling = { readonly draft: Readonly<Record<string, Typed>>; readonly faults: Faults; set(path: string, typed: Typed): void };
type Row = { readonly form: Filling; readonly path: string };

/** What a field is called, what it is for, and, where it can't be taken, why not. */
export function useSayings({ form: { draft, faults }, path }: Row): { label: string; hint: string | undefined; fault: string | undefined } {
  const w = useWords(alertingWords);
  const field = fieldOf(path, draft.kind);
  const code = faults[path];
  return {
    label: field in w.labels ? w.labels[field as keyof typeof w.labels] : field,
    hint: w.hints[field],
    fault: code === undefined ? undefined : (w.faults[code] ?? w.takes[field] ?? w.wrong),
  };
}
const textOf = (typed: Typed | undefined): string => (typeof typed === 'string' ? typed : '');
const listOf = (typed: Typed | undefined): readonly string[] => (Array.isArray(typed) ? typed : []);

type TextProps = Row & { readonly type?: 'text' | 'number' | 'time'; readonly lines?: number; readonly hint?: string | undefined };
/** A line of text, a whole number, a time of the day, or lines. */
export function TextRow({ form, path, type = 'text', lines, hint: said }: TextProps) {
  const { label, hint = said, fault } = useSayings({ form, path });
  return (
    <Field
      {...{ label, name: path, value: textOf(form.draft[path]), onChange: (text: string) => form.set(path, text) }}
      {...(hint === undefined ? {} : { description: hint })}
      {...(lines === undefined ? {} : { lines })}
      {...(fault === undefined ? {} : { fault })}
      {...(type === 'number' ? { inputMode: 'numeric' as const } : type === 'time' ? { type: 'time' } : {})}
      isLtr={type !== 'number'}
      autoComplete="off"
      spellCheck="false"
    />
  );
}

type ChoiceProps = Row & {
  readonly options: readonly (readonly [value: string, word: string])[];
  readonly lang?: 'en';
  readonly label?: string;
};
/** One of a list, by the device's own. */
export function ChoiceRow({ form, path, options, lang, label: said }: ChoiceProps) {
  const id = useId();
  const { label, fault } = useSayings({ form, path });
  return (
    <div className="field">
      <label htmlFor={id}>{said ?? label}</label>
      <select
        id={id}
        name={path}
        value={textOf(form.draft[path])}
        onChange={({ target }) => form.set(path, target.value)}
        aria-invalid={fault !== undefined}
        {...(fault === undefined ? {} : { 'aria-describedby': `${id}f` })}
      >
        {options.map(([value, word]) => (
          <option key={value} value={value} lang={lang}>
            {word}
          </option>
        ))}
      </select>
      {fault !== undefined && <FaultLine id={`${id}f`}>{fault}</FaultLine>}
    </div>
  );
}

/** Yes or no. */
export function TickRow({ form, path }: Row) {
  const { label } = useSayings({ form, path });
  return (
    <label className="check">
      <input type="checkbox" name={path} checked={form.draft[path] === true} onChange={({ target }) => form.set(path, target.checked)} />{' '}
      {label}
    </label>
  );
}

type TicksProps = Row & { readonly options: readonly (readonly [value: string, word: ReactNode])[] };
/** Which of a list; what the form has and the list lacks stands in it by its own name. */
export function TicksRow({ form, path, options }: TicksProps) {
  const id = useId();
  const { label, hint, fault } = useSayings({ form, path });
  const ticked = listOf(form.draft[path]);
  const others = ticked
    .filter((value) => !options.some(([one]) => one === value))
    .map((value) => [value, <bdi key={value}>{value}</bdi>] as const);
  const all = [...options, ...others];
  const order = (values: readonly string[]) => all.map(([value]) => value).filter((value) => values.includes(value));
  return (
    <fieldset
      className="field ticks"
      data-invalid={fault !== undefined || undefined}
      aria-describedby={fault === undefined ? `${id}h` : `${id}f`}
    >
      <legend>{label}</legend>
      {hint !== undefined && <small id={`${id}h`}>{hint}</small>}
      <div className="checks">
        {all.map(([value, word]) => (
          <label key={value} className="check">
            <input
              type="checkbox"
              name={path}
              value={value}
              checked={ticked.includes(value)}
              aria-invalid={fault !== undefined}
              onChange={({ target }) => form.set(path, order(target.checked ? [...ticked, value] : ticked.filter((one) => one !== value)))}
            />{' '}
            {word}
          </label>
        ))}
      </div>
      {fault !== undefined && <FaultLine id={`${id}f`}>{fault}</FaultLine>}
    </fieldset>
  );
}

/** Why a field can't be taken as it is. */
export const FaultLine = ({ id, children }: { id?: string; children: string }) => (
  <span id={id} className="react-aria-FieldError">
    {children}
  </span>
);
