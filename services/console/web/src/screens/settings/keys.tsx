import type { Scope } from '@keyturn/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keysQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Instead } from '../../shown/instead.tsx';
import { useNow } from '../../shown/now.ts';
import { Opening } from '../../shown/opening.tsx';
import { Ago, Ltr, Moment } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { Confirm } from '../alerting/confirm.tsx';
import { MakeKey } from './make-key.tsx';
import { settingsWords } from './words.tsx';

/** Which programs have keys, and what each may do. One that is made comes into the list once it was put where it belongs. */
export function Keys() {
  const w = useWords(settingsWords);
  const locale = localeOf[useLanguage()];
  const now = useNow();
  const queries = useQueryClient();
  const [made, setMade] = useState<string | null>(null);
  const keys = useQuery(keysQuery()).data?.items.filter(({ keyId }) => keyId !== made) ?? [];
  const again = () => void queries.invalidateQueries({ queryKey: ['keys'] });
  const list = (scopes: readonly Scope[]) =>
    new Intl.ListFormat(locale, { type: 'unit' }).format(scopes.map((scope) => w.scopeNames[scope]));
  return (
    <section>
      <h2>{w.keys}</h2>
      <p>{w.keysLead}</p>
      <ul className="list">
        {keys.map(({ keyId, name, scopes, createdAt, expiresAt, revokedAt }) => (
          <li key={keyId} className="member">
            <p>
              <strong>
                <bdi>{name}</bdi>
              </strong>
              <br />
              <small>
                {list(scopes)} · {w.made(<Ago at={createdAt} />)}
                {expiresAt !== null && <> · {w.ends(<Moment at={expiresAt} />, Date.parse(expiresAt) <= now)}</>} ·{' '}
                <Ltr className="code">{keyId}</Ltr>
              </small>
            </p>
            {revokedAt === null ? (
              <Confirm
                label={w.revoke}
                of={w.revokeKey(name)}
                lead={w.revokeLead}
                act={() => request('DELETE', `/v1/keys/${keyId}`)}
                done={again}
              />
            ) : (
              <Instead of={w.revoke}>{w.revoked}</Instead>
            )}
          </li>
        ))}
      </ul>
      <Opening label={w.makeKey}>
        {(onEnd) => (
          <MakeKey
            onMade={(keyId) => {
              setMade(keyId);
              again();
            }}
            onEnd={() => {
              setMade(null);
              onEnd();
            }}
          />
        )}
      </Opening>
    </section>
  );
}
