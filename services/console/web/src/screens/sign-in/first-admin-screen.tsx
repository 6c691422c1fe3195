import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { methodsQuery } from '../../api/me.ts';
import { problemOf, request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Answer } from '../../shown/answer.tsx';
import { Field } from '../../shown/field.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { Outside } from './outside.tsx';
import { signInWords } from './words.ts';

/** Makes the first admin by the link that was printed. */
export const FirstAdminScreen = () => <ByLink isFirst />;
/** Sets the password of somebody who was invited. */
export const InvitationScreen = () => <ByLink isFirst={false} />;

function ByLink({ isFirst }: { isFirst: boolean }) {
  const w = useWords(signInWords);
  const queries = useQueryClient();
  const faultWords = useFaultWords();
  const [, navigate] = useLocation();
  const [fault, setFault] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { overheard = false } = useQuery(methodsQuery()).data ?? {};
  const title = isFirst ? w.firstTitle : w.invitedTitle;
  useTitle(title);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(event.currentTarget));
    setBusy(true);
    setFault(null);
    try {
      await request('POST', isFirst ? '/auth/first-admin' : '/auth/invitation', { token: linkToken(), ...said });
      await queries.invalidateQueries();
      navigate('/', { replace: true });
    } catch (error) {
      setFault(/link/.test(problemOf(error).code) ? w.linkUsed : faultWords(error));
    } finally {
      setBusy(false);
    }
  };
  if (overheard)
    return (
      <Outside title={title}>
        <p className="note">{w.overheard}</p>
      </Outside>
    );
  return (
    <Outside title={title}>
      <p>{isFirst ? w.firstLead : w.invitedLead}</p>
      <form onSubmit={(event) => void submit(event)}>
        {isFirst && <Field label={w.name} name="name" autoComplete="name" isRequired />}
        {isFirst && <Field label={w.email} name="email" type="email" autoComplete="username" isRequired />}
        <Field
          label={w.newPassword}
          description={w.passwordRule}
          name="password"
          type="password"
          autoComplete="new-password"
          minLength={12}
          isRequired
        />
        <Act type="submit" className="primary" isBusy={isBusy}>
          {isFirst ? w.create : w.choose}
        </Act>
        <Answer>{fault}</Answer>
      </form>
    </Outside>
  );
}

/** The link carries its token behind the #, where no server and no log sees it; or, from elsewhere, as a parameter. */
const linkToken = (): string =>
  new URLSearchParams(location.hash.slice(1)).get('token') ?? new URLSearchParams(location.search).get('token') ?? location.hash.slice(1);
