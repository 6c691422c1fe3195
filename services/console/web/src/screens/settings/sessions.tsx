import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { sessionsQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

/** Who is signed in, and how to end that at once. */
export function Sessions() {
  const w = useWords(settingsWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery()).data?.items ?? [];
  const end = useMutation({
    mutationFn: (sessionId: string) => request('DELETE', `/v1/sessions/${sessionId}`),
    onSettled: () => void queries.invalidateQueries(),
  });
  return (
    <section>
      <h2>{w.sessions}</h2>
      <ul className="list">
        {sessions.map(({ sessionId, name, browser, createdAt, lastSeenAt, current }) => (
          <li key={sessionId} className="member">
            <p>
              <strong>
                <bdi>{name}</bdi>
              </strong>
              {current && <> · {w.current}</>}
              <br />
              <small>
                {w.since(<Ago at={createdAt} />, <Ago at={lastSeenAt} />)}
                <br />
                <Ltr className="wrap">{browser}</Ltr>
              </small>
            </p>
            <Button aria-label={w.endSession(name)} onPress={() => end.mutate(sessionId)}>
              {w.end}
            </Button>
          </li>
        ))}
      </ul>
      {end.isError && <p role="alert">{faultWords(end.error)}</p>}
    </section>
  );
}
