import type { DecisionRecord, TimelineEntryJson } from '@keyturn/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { timelineQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Ago } from '../../shown/shown.tsx';
import { StillHeading } from '../../shown/still-heading.tsx';
import { useStill } from '../../shown/use-still.ts';
import { Written } from '../../shown/written.tsx';
import { useWords } from '../../words/language.tsx';
import { changeWords } from '../change/words.tsx';
import { contactWords, timelineWords } from './words.tsx';

const keyOf = ({ id }: TimelineEntryJson): string => id;

/** What happened to a contact, newest first; what happens meanwhile waits to be asked for. */
export function Timeline({ title, contactId }: { title: string; contactId: string }) {
  const w = useWords(contactWords);
  const { more_: more } = useWords(shellWords);
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(timelineQuery(contactId));
  const entries = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  const { rows, fresh, showAll } = useStill(entries, keyOf);
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <StillHeading title={title} fresh={fresh} onShow={showAll} />
      {rows.length === 0 && <p>{w.noHistory}</p>}
      <ol className="timeline">
        {rows.map(({ row }) => (
          <Entry key={row.id} entry={row} />
        ))}
      </ol>
      {hasNextPage && (
        <Act className="more" isBusy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {more}
        </Act>
      )}
    </>
  );
}

function Entry({ entry: { type, occurredAt, actor, detail } }: { entry: TimelineEntryJson }) {
  const w = useWords(timelineWords);
  const { decidedAs } = useWords(changeWords);
  const decision = type === 'identity.acknowledged' ? decisionIn(detail) : undefined;
  return (
    <li className="timeline-entry" data-type={type}>
      <Ago at={occurredAt} />
      <span>
        <strong>{type in w ? w[type as keyof typeof w] : w.other}</strong>
        {decision !== undefined && <> · {decidedAs[decision.verdict]}</>}
        {decision?.reason && (
          <>
            {' '}
            <bdi>{decision.reason}</bdi>
          </>
        )}
        {!actor.startsWith('system:') && (
          <>
            {' · '}
            <Actor actor={actor} />
          </>
        )}
      </span>
      {decision !== undefined && <Grounds decision={decision} />}
    </li>
  );
}

/** What whoever decided left on record beside the reason. */
function Grounds({ decision: { note, evidenceUrl } }: { decision: DecisionRecord }) {
  const left = [note, evidenceUrl].filter((one) => one !== undefined && one !== '');
  if (left.length === 0) return null;
  return (
    <div className="grounds">
      <Written>{left.join('\n')}</Written>
    </div>
  );
}

/** The decision that an entry is about. */
export function decisionIn(detail: unknown): DecisionRecord | undefined {
  if (typeof detail !== 'object' || detail === null) return undefined;
  if ('decision' in detail) return detail.decision as DecisionRecord;
  return 'verdict' in detail ? (detail as DecisionRecord) : undefined;
}
