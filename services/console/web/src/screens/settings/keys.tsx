import type { Scope } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { keysQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Instead } from '../../shown/instead.tsx';
import { Opening } from '../../shown/opening.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { MakeKey } from './make-key.tsx';
import { settingsWords } from './words.tsx';

/** Which programs have keys, and what each may do. One that is made comes into the list once it was put where it belongs. */
export function Keys() {
  const w = useWords(settingsWords);
  const locale = localeOf[useLanguage()];
  const queries = useQueryClient();
  const [made, setMade] = useState<string | null>(null);
  const keys = useQuery(keysQuery()).data?.items.filter(({ keyId }) => keyId !== made) ?? [];
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
              </strong>
              <br />
              <small>
                {list(scopes)} · {w.made(<Ago at={createdAt} />)} · <Ltr className="code">{keyId}</Ltr>
              </small>
            </p>
            {revokedAt === null ? (
              <Button aria-label={w.revokeKey(name)} onPress={() => revoke.mutate(keyId)}>
                {w.revoke}
              </Button>
            ) : (
              <Instead of={w.revoke}>{w.revoked}</Instead>
            )}
          </li>
        ))}
      </ul>
      {revoke.isError && <p role="alert">{faultWords(revoke.error)}</p>}
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
