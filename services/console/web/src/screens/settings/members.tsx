import type { InvitationJson, MemberChange, MemberCreatedJson, MemberJson, Role } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Button } from 'react-aria-components';
import { membersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { Field } from '../../shown/field.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Who may sign in, and what they may do. */
export function Members() {
  const w = useWords(settingsWords);
  const members = useQuery(membersQuery());
  const [isInviting, setInviting] = useState(false);
  return (
    <section>
      <h2>{w.members}</h2>
      <p>{w.membersLead}</p>
      {members.isError && <Failed error={members.error} onRetry={() => void members.refetch()} />}
      <ul className="list">
        {members.data?.items.map((member) => (
          <Member key={member.memberId} member={member} />
        ))}
      </ul>
      {isInviting ? <Invite onEnd={() => setInviting(false)} /> : <Button onPress={() => setInviting(true)}>{w.invite}</Button>}
    </section>
  );
}

function Member({ member }: { member: MemberJson }) {
  const w = useWords(settingsWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const { memberId, name, email, role, roleByLogin, disabledAt, lastLoginAt } = member;
  const again = () => void queries.invalidateQueries({ queryKey: ['members'] });
  const change = useMutation({ mutationFn: (to: MemberChange) => request('PATCH', `/v1/members/${memberId}`, to), onSettled: again });
  const invite = useMutation({ mutationFn: () => request<InvitationJson>('POST', `/v1/members/${memberId}/invitation`, {}) });
  const fault = change.error ?? invite.error;
  return (
    <li className="member">
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>{' '}
        {email !== null && <Ltr className="quiet">{email}</Ltr>}
        <br />
        <small>
          {disabledAt !== null && <>{w.disabled} · </>}
          {lastLoginAt === null ? w.neverIn : w.lastLogin(<Ago at={lastLoginAt} />)}
          {roleByLogin && <> · {w.byLogin}</>}
        </small>
      </p>
      <p className="buttons">
        <select
          aria-label={w.roleOf(name)}
          value={role ?? ''}
          disabled={roleByLogin || change.isPending}
          onChange={({ target }) => change.mutate({ role: roles.find((one) => one === target.value) ?? null })}
        >
          <option value="">{w.noRole}</option>
          {roles.map((one) => (
            <option key={one} value={one}>
              {w.roles[one]}
            </option>
          ))}
        </select>
        <Button onPress={() => change.mutate({ disabled: disabledAt === null })}>{disabledAt === null ? w.disable : w.enable}</Button>
        <Button onPress={() => invite.mutate()}>{w.inviteAgain}</Button>
      </p>
      {invite.data !== undefined && <Link url={invite.data.url} />}
      {fault !== null && <p role="alert">{faultWords(fault)}</p>}
    </li>
  );
}

/** A link that is shown this once. */
function Link({ url }: { url: string }) {
  const w = useWords(settingsWords);
  return (
    <div role="status">
      <p>{w.linkLead}</p>
      <Ltr className="secret code">{url}</Ltr>
    </div>
  );
}

function Invite({ onEnd }: { onEnd: () => void }) {
  const w = useWords(settingsWords);
  const id = useId();
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const made = useMutation({
    mutationFn: (said: object) => request<MemberCreatedJson>('POST', '/v1/members', said),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['members'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    made.mutate(Object.fromEntries(new FormData(event.currentTarget)));
  };
  if (made.data !== undefined) return made.data.invitation === null ? null : <Link url={made.data.invitation.url} />;
  return (
    <form className="card" onSubmit={submit}>
      <Field label={w.name} name="name" maxLength={100} isRequired />
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
      {made.isError && <p role="alert">{faultWords(made.error)}</p>}
      <p className="buttons">
        <Act type="submit" className="primary" isBusy={made.isPending}>
          {w.send}
        </Act>
        <Button onPress={onEnd}>{w.cancel}</Button>
      </p>
    </form>
  );
}
