import type { ApiKeyCreatedJson, Scope } from '@keyturn/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { Steady } from '../../shown/steady.tsx';
import { useWords } from '../../words/language.tsx';
import { MadeOnce } from './made-once.tsx';
import { settingsWords } from './words.tsx';

type Asked = { readonly name: string; readonly scopes: Scope[] };
type Props = { readonly onMade: (keyId: string) => void; readonly onEnd: () => void };
/** Asks what a key is for, and has in its place the key, shown this once. */
export function MakeKey({ onMade, onEnd }: Props) {
  const w = useWords(settingsWords);
  const made = useMutation({
    mutationFn: (said: Asked) => request<ApiKeyCreatedJson>('POST', '/v1/keys', said),
    onSuccess: ({ keyId }) => onMade(keyId),
  });
  return (
    <Steady of={made.status}>
      {made.data === undefined ? (
        <Form isBusy={made.isPending} error={made.error} onAsked={made.mutate} onEnd={onEnd} />
      ) : (
        <MadeOnce lead={w.keyLead} onEnd={onEnd}>
          {made.data.key}
        </MadeOnce>
      )}
    </Steady>
  );
}

type FormProps = {
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onAsked: (said: Asked) => void;
  readonly onEnd: () => void;
};
function Form({ isBusy, error, onAsked, onEnd }: FormProps) {
  const w = useWords(settingsWords);
  const faultWords = useFaultWords();
  const [isScopeless, setScopeless] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scopes = form.getAll('scope') as Scope[];
    setScopeless(scopes.length === 0);
    if (scopes.length > 0) onAsked({ name: String(form.get('name')), scopes });
  };
  return (
    <form className="card" onSubmit={submit}>
      <Field label={w.name} name="name" maxLength={100} isRequired autoFocus />
      <fieldset>
        <legend>{w.scopes}</legend>
        {Object.entries(w.scopeNames).map(([scope, word]) => (
          <label key={scope} className="check">
            <input type="checkbox" name="scope" value={scope} /> {word}
          </label>
        ))}
      </fieldset>
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={isBusy}>
          {w.makeKey}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
      <Answer>{isScopeless ? w.pickScope : error === null ? null : faultWords(error)}</Answer>
    </form>
  );
}
