import type { ApiKeyCreatedJson, Scope } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { keysQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Field } from '../../shown/field.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

/** Which programs have keys, and what each may do. */
export function Keys() {
  const w = useWords(settingsWords);
  const locale = localeOf[useLanguage()];
  const queries = useQueryClient();
  const keys = useQuery(keysQuery()).data?.items ?? [];
  const [isMaking, setMaking] = useState(false);
  const again = () => void queries.invalidateQueries({ queryKey: ['keys'] });
  const revoke = useMutation({ mutationFn: (keyId: string) => request('DELETE', `/v1/keys/${keyId}`), onSettled: again });
  const faultWords = useFaultWords();
  const list = (scopes: readonly Scope[]) =>
    new Intl.ListFormat(locale, { type: 'unit' }).format(scopes.map((scope) => w.scopeNames[scope]));
  return (
    <section>
      <h2>{w.keys}</h2>
      <p>{w.keysLead}</p>
      <ul className="list">
        {keys.map(({ keyId, name, scopes, createdAt, revokedAt }) => (
          <li key={keyId} className="member">
            <p>
              <strong>
                <bdi>{name}</bdi>
              </strong>{' '}
              {revokedAt !== null && <>· {w.revoked}</>}
              <br />
              <small>
                {list(scopes)} · {w.made(<Ago at={createdAt} />)} · <Ltr className="code">{keyId}</Ltr>
              </small>
            </p>
            {revokedAt === null && (
              <Button aria-label={w.revokeKey(name)} onPress={() => revoke.mutate(keyId)}>
                {w.revoke}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {revoke.isError && <p role="alert">{faultWords(revoke.error)}</p>}
      {isMaking ? (
        <MakeKey
          onMade={again}
          onEnd={() => {
            setMaking(false);
            again();
          }}
        />
      ) : (
        <Button onPress={() => setMaking(true)}>{w.makeKey}</Button>
      )}
    </section>
  );
}

function MakeKey({ onMade, onEnd }: { onMade: () => void; onEnd: () => void }) {
  const w = useWords(settingsWords);
  const faultWords = useFaultWords();
  const [isScopeless, setScopeless] = useState(false);
  const made = useMutation({
    mutationFn: (said: { name: string; scopes: Scope[] }) => request<ApiKeyCreatedJson>('POST', '/v1/keys', said),
    onSuccess: onMade,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scopes = form.getAll('scope') as Scope[];
    setScopeless(scopes.length === 0);
    if (scopes.length > 0) made.mutate({ name: String(form.get('name')), scopes });
  };
  if (made.data !== undefined)
    return (
      <div role="status">
        <p>{w.keyLead}</p>
        <Ltr className="secret code">{made.data.key}</Ltr>
      </div>
    );
  return (
    <form className="card" onSubmit={submit}>
      <Field label={w.name} name="name" maxLength={100} isRequired />
      <fieldset>
        <legend>{w.scopes}</legend>
        {Object.entries(w.scopeNames).map(([scope, word]) => (
          <label key={scope} className="check">
            <input type="checkbox" name="scope" value={scope} /> {word}
          </label>
        ))}
      </fieldset>
      {(isScopeless || made.isError) && <p role="alert">{isScopeless ? w.pickScope : faultWords(made.error)}</p>}
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={made.isPending}>
          {w.makeKey}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
    </form>
  );
}
