import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { changesQuery, countsQuery, numbersQuery, pathWith } from '../../api/queries.ts';
import { useLive } from '../../live/live.tsx';
import { Failed, Loading } from '../../shell/states.tsx';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { ChangeRow } from './change-row.tsx';
import { type Filter, useFilter } from './filter.ts';
import { Filters } from './filters.tsx';
import { mergeShown, type ShownChange } from './merge-shown.ts';
import { Storms } from './storms.tsx';
import { queueWords } from './words.tsx';

const COUNTED_MAX = 10_000;

/** Who waits for a decision, oldest first. Rows come and go without moving the others. */
export function QueueScreen() {
  const w = useWords(queueWords);
  const [filter, setFilter] = useFilter();
  const { openChanges } = useLive();
  const me = useQuery(meQuery()).data;
  const { data: counts, isPending } = useQuery(countsQuery());
  useTitle(w.title);
  return (
    <div className="queue">
      <h1>{w.title}</h1>
      <p className="lead">{openChanges === null ? ' ' : openChanges >= COUNTED_MAX ? w.many : w.open(openChanges)}</p>
      <Filters filter={filter} counts={counts} onFilter={setFilter} />
      {Object.keys(filter).length === 0 && counts !== undefined && (
        <Storms groups={counts.groups} onOpen={(group) => setFilter({ group })} />
      )}
      {filter.group !== undefined && (
        <p className="moved">
          {w.inStorm}
          <Button className="quiet" onPress={() => setFilter({ ...filter, group: undefined })}>
            {w.clear}
          </Button>
        </p>
      )}
      {Object.keys(filter).length > 0 && may(me, 'identity:decide') && (
        <p>
          <Link className="button" href={pathWith('/bulk', filter)}>
            {w.decideAll}
          </Link>
        </p>
      )}
      {!isPending && <ChangeList key={JSON.stringify(filter)} filter={filter} onClear={() => setFilter({})} />}
    </div>
  );
}

function ChangeList({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const w = useWords(queueWords);
  const { more_: more } = useWords(shellWords);
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(changesQuery(filter));
  const [shown, setShown] = useState<ShownChange[]>([]);
  useEffect(() => {
    if (data !== undefined)
      setShown((before) =>
        mergeShown(
          before,
          data.pages.flatMap(({ items }) => items),
          !hasNextPage,
        ),
      );
  }, [data, hasNextPage]);
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  const gone = shown.filter(({ isGone }) => isGone).length;
  if (shown.length === 0 && data.pages.every(({ items }) => items.length === 0)) return <Nobody filter={filter} onClear={onClear} />;
  return (
    <>
      {gone > 0 && (
        <p className="moved" role="status">
          {w.moved(gone)}{' '}
          <Button className="quiet" onPress={() => setShown(shown.filter(({ isGone }) => !isGone))}>
            {w.newest}
          </Button>
        </p>
      )}
      <ul className="changes">
        {shown.map(({ change, isGone }) => (
          <ChangeRow key={change.contactId} change={change} isGone={isGone} />
        ))}
      </ul>
      {hasNextPage && (
        <Act className="more" isBusy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {more}
        </Act>
      )}
    </>
  );
}

/** Nobody waits: says so, and whether that is because nobody looks. */
function Nobody({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const w = useWords(queueWords);
  const numbers = useQuery(numbersQuery());
  if (Object.keys(filter).length > 0)
    return (
      <div className="state">
        <p>{w.noneFit}</p>
        <Button onPress={onClear}>{w.clear}</Button>
      </div>
    );
  const all = numbers.data?.items ?? [];
  const off = all.filter(({ identityCheck }) => identityCheck.status === 'off').length;
  return (
    <div className="state">
      <p className="good">{w.none}</p>
      {off > 0 && (
        <p className="note">
          {w.checkOff(off, all.length)} {w.howToFix}
        </p>
      )}
    </div>
  );
}
