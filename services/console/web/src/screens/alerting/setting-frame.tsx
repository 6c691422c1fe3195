import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { problemOf } from '../../api/request.ts';
import { Leaving } from '../../shell/leaving.tsx';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Ago } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { differences } from './draft.ts';
import { useSaidValue } from './said-value.tsx';
import { type SettingForm, useFocusOnFault } from './use-setting-form.ts';
import { alertingWords } from './words.tsx';

type Props = { readonly form: SettingForm; readonly isNew: boolean; readonly children: ReactNode };

/** What stands around the rows of a form: what is newer, what is wrong, and the way on. */
export function SettingFrame({ form, isNew, children }: Props) {
  const w = useWords(alertingWords);
  const ref = useFocusOnFault(form.error);
  return (
    <form
      ref={ref}
      className="setting"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.newer === null) form.submit();
      }}
    >
      {children}
      {form.newer === null ? <Refused form={form} /> : <Newer form={form} newer={form.newer} />}
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={form.isBusy} isDisabled={form.newer !== null}>
          {isNew ? w.make : w.save}
        </Act>
        <Link className="button" href="/settings/alerts">
          {w.cancel}
        </Link>
      </p>
      <Leaving unsaved={form.unsaved} />
    </form>
  );
}

/** Why nothing was saved, where that is not said at the fields. */
function Refused({ form: { error, faults, draft } }: { form: SettingForm }) {
  const w = useWords(alertingWords);
  const faultWords = useFaultWords();
  if (error === null) return null;
  const { code, errors } = problemOf(error);
  if (code === 'alert.off') return <p role="alert">{w.noKey}</p>;
  if (!Array.isArray(errors)) return <p role="alert">{faultWords(error)}</p>;
  const places = Object.keys(faults);
  if (places.length === 0) return null; // all of it was mended
  return <p role="alert">{places.every((path) => path in draft || path === 'escalate') ? w.mend : faultWords(error)}</p>;
}

/** What somebody else set meanwhile: field by field, before and now. */
function Newer({ form, newer: { from, to } }: { form: SettingForm; newer: NonNullable<SettingForm['newer']> }) {
  const w = useWords(alertingWords);
  const said = useSaidValue(form.draft.kind);
  return (
    <div className="note setting-newer" role="alert">
      <p>{w.newer(<Actor actor={to.setBy} />, <Ago at={to.setAt} />)}</p>
      <ul>
        {differences(from.draft, to.draft).map((path) => (
          <li key={path}>{w.was(said.label(path), said.value(path, from.draft[path]), said.value(path, to.draft[path]))}</li>
        ))}
      </ul>
      <p className="buttons">
        <Button onPress={() => form.goOn(true)}>{w.mineOnTop}</Button>
        <Button onPress={() => form.goOn(false)}>{w.takeTheirs}</Button>
      </p>
    </div>
  );
}
