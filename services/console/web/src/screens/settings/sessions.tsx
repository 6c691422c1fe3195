import type { SessionJson } from '@keyturn/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { sessionsQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Instead } from '../../shown/instead.tsx';
import { Ago, Ltr, Moment } from '../../shown/shown.tsx';
import { StillHeading } from '../../shown/still-heading.tsx';
import { useStill } from '../../shown/use-still.ts';
import { useWords } from '../../words/language.tsx';
import { settingsWords } from './words.tsx';

const keyOf = ({ sessionId }: SessionJson): string => sessionId;

/** Who is signed in, and how to end that at once. Whose session is over keeps its place while this is open. */
export function Sessions() {
  const w = useWords(settingsWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const { rows, fresh, showAll } = useStill(useQuery(sessionsQuery()).data?.items, keyOf);
  const end = useMutation({
    mutationFn: (sessionId: string) => request('DELETE', `/v1/sessions/${sessionId}`),
    onSettled: () => void queries.invalidateQueries(),
  });
  return (
    <section>
      <StillHeading title={w.sessions} fresh={fresh} onShow={showAll} />
      <ul className="list">
        {rows.map(({ row: { sessionId, name, browser, createdAt, lastSeenAt, current }, isGone }) => (
          <li key={sessionId} className="member">
            <p>
              <strong>
                <bdi>{name}</bdi>
              </strong>
              {current && <> · {w.current}</>}
              <br />
              <small>
                {w.since(<Moment at={createdAt} />, <Ago at={lastSeenAt} />)}
                <br />
                <Ltr className="wrap">{browser}</Ltr>
              </small>
            </p>
            {isGone ? (
              <Instead of={w.end}>{w.ended}</Instead>
            ) : (
              <Button aria-label={w.endSession(name)} onPress={() => end.mutate(sessionId)}>
                {w.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {end.isError && <p role="alert">{faultWords(end.error)}</p>}
    </section>
  );
}
