import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { countsQuery, numbersQuery, pathWith } from '../../api/queries.ts';
import { useLive } from '../../live/live.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { ChangeList } from './change-list.tsx';
import { useFilter } from './filter.ts';
import { Filters } from './filters.tsx';
import { Storms } from './storms.tsx';
import { queueWords } from './words.tsx';

const COUNTED_MAX = 10_000;

/** Who waits for a decision, oldest first. Rows come and go without moving the others. */
export function QueueScreen() {
  const w = useWords(queueWords);
  const [filter, setFilter] = useFilter();
  const { openChanges } = useLive();
  const me = useQuery(meQuery()).data;
  const { data: counts, isPending: isCounting } = useQuery(countsQuery());
  const isPending = useQuery(numbersQuery()).isPending || isCounting; // both at once, so that neither moves the list
  useTitle(w.title);
  return (
    <div className="queue">
      <h1>{w.title}</h1>
      <p className="lead">{openChanges === null ? ' ' : openChanges >= COUNTED_MAX ? w.many : w.open(openChanges)}</p>
      <Filters filter={filter} counts={counts} onFilter={setFilter} />
      {Object.keys(filter).length === 0 && !isPending && counts !== undefined && (
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
