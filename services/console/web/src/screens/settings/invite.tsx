import type { MemberCreatedJson, Role } from '@keyturn/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
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

/** Every role, from the least on. */
export const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

type Props = { readonly onMade: (memberId: string) => void; readonly onEnd: () => void };
/** Asks whom to invite, and has in its place the link to give them. */
export function Invite({ onMade, onEnd }: Props) {
  const w = useWords(settingsWords);
  const queries = useQueryClient();
  const made = useMutation({
    mutationFn: (said: object) => request<MemberCreatedJson>('POST', '/v1/members', said),
    onSuccess: ({ member }) => {
      onMade(member.memberId);
      void queries.invalidateQueries({ queryKey: ['members'] });
    },
  });
  return (
    <Steady of={made.status}>
      {made.data === undefined ? (
        <Form isBusy={made.isPending} error={made.error} onAsked={made.mutate} onEnd={onEnd} />
      ) : (
        <MadeOnce lead={w.linkLead} without={w.noLink} onEnd={onEnd}>
          {made.data.invitation?.url}
        </MadeOnce>
      )}
    </Steady>
  );
}

type FormProps = {
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onAsked: (said: object) => void;
  readonly onEnd: () => void;
};
function Form({ isBusy, error, onAsked, onEnd }: FormProps) {
  const w = useWords(settingsWords);
  const id = useId();
  const faultWords = useFaultWords();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onAsked(Object.fromEntries(new FormData(event.currentTarget)));
  };
  return (
    <form className="card" onSubmit={submit}>
      <Field label={w.name} name="name" maxLength={100} isRequired autoFocus />
      <Field label={w.email} name="email" type="email" isRequired />
      <div className="field">
        <label htmlFor={id}>{w.role}</label>
        <select id={id} name="role" defaultValue="operator">
          {roles.map((one) => (
            <option key={one} value={one}>
              {w.roles[one]}
            </option>
          ))}
        </select>
      </div>
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={isBusy}>
          {w.send}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
      <Answer>{error === null ? null : faultWords(error)}</Answer>
    </form>
  );
}
