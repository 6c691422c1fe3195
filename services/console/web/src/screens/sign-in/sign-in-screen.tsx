import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components';
import { methodsQuery } from '../../api/me.ts';
import { pathWith } from '../../api/queries.ts';
import { problemOf, request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { type Language, useLanguage, useWords } from '../../words/language.tsx';
import { Outside } from './outside.tsx';
import { signInWords } from './words.ts';

/** Lets somebody in by whatever ways there are, and leads on to where they wanted to go. */
export function SignInScreen({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const w = useWords(signInWords);
  const language = useLanguage();
  const methods = useQuery(methodsQuery());
  const problem = new URLSearchParams(location.search).get('problem'); // with which the organisation's own login was left
  useTitle(w.title);
  const { local = true, overheard = false, oidc = null, firstAdmin = false } = methods.data ?? {};
  return (
    <Outside title={w.title}>
      {problem !== null && <p role="alert">{w.problems[problem] ?? w.failedElsewhere}</p>}
      {firstAdmin && !overheard && <p className="note">{w.firstAdmin}</p>}
      {oidc !== null && (
        <a
          className="button primary"
          href={pathWith('/auth/oidc/start', { to: location.pathname === '/login' ? '/' : location.pathname + location.search })}
        >
          {w.with(oidc.name)}
        </a>
      )}
      {oidc !== null && local && <p className="or">{w.or}</p>}
      {local && !firstAdmin && <PasswordForm />}
      {overheard && <p className="note">{w.overheard}</p>}
      {!local && !overheard && oidc === null && <p className="note">{w.none}</p>}
      <Button className="quiet" onPress={() => onLanguage(language === 'en' ? 'ar' : 'en')}>
        <span lang={language === 'en' ? 'ar' : 'en'}>{w.language}</span>
      </Button>
    </Outside>
  );
}

function PasswordForm() {
  const w = useWords(signInWords);
  const queries = useQueryClient();
  const faultWords = useFaultWords();
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setFault(null);
    try {
      await request('POST', '/auth/login', { email: form.get('email'), password: form.get('password') });
      await queries.invalidateQueries();
    } catch (error) {
      const { status, retryAfterSeconds } = problemOf(error);
      setFault(
        status === 429
          ? w.throttled(Math.ceil(Number(retryAfterSeconds) / 60))
          : status === 401 || status === 422
            ? w.refused
            : faultWords(error),
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field label={w.email} name="email" type="email" autoComplete="username" isRequired />
      <Field label={w.password} name="password" type="password" autoComplete="current-password" isRequired />
      <Act type="submit" className="primary" isBusy={isBusy}>
        {w.signIn}
      </Act>
      <Answer>{fault}</Answer>
    </form>
  );
}
