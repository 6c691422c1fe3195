import type { InvitationJson, MemberChange, MemberJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { membersQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, useFaultWords } from '../../shell/states.tsx';
import { Opening } from '../../shown/opening.tsx';
import { Secret, SecretToCome } from '../../shown/secret.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { Steady } from '../../shown/steady.tsx';
import { useWords } from '../../words/language.tsx';
import { Invite, roles } from './invite.tsx';
import { settingsWords } from './words.tsx';

/** Of an invitation's link: where it leads, and 32 random bytes. */
const LINK_LENGTH = `${location.origin}/invitation#`.length + 43;

/** Who may sign in, and what they may do. Whoever is invited comes into the list once their link was given. */
export function Members() {
  const w = useWords(settingsWords);
  const members = useQuery(membersQuery());
  const [invited, setInvited] = useState<string | null>(null);
  return (
    <section>
      <h2>{w.members}</h2>
      <p>{w.membersLead}</p>
      {members.isError && <Failed error={members.error} onRetry={() => void members.refetch()} />}
      <ul className="list">
        {members.data?.items
          .filter(({ memberId }) => memberId !== invited)
          .map((member) => (
            <Member key={member.memberId} member={member} />
          ))}
      </ul>
      <Opening label={w.invite}>
        {(onEnd) => (
          <Invite
            onMade={setInvited}
            onEnd={() => {
              setInvited(null);
              onEnd();
            }}
          />
        )}
      </Opening>
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
        {disabledAt === null && !roleByLogin && email !== null && <Button onPress={() => invite.mutate()}>{w.inviteAgain}</Button>}
      </p>
      {!invite.isIdle && (
        <div className="given">
          <Steady of={invite.status}>
            {invite.isPending && <SecretToCome lead={w.linkLead} length={LINK_LENGTH} />}
            {invite.data !== undefined && <Secret lead={w.linkLead}>{invite.data.url}</Secret>}
          </Steady>
        </div>
      )}
      {fault !== null && <p role="alert">{faultWords(fault)}</p>}
    </li>
  );
}
