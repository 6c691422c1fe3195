import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { useLocation } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { changesQuery, countsQuery, numbersQuery, type PageOf, pathWith } from '../../api/queries.ts';
import { useSelecting } from '../../selection/selecting.tsx';
import { extend, howMany, stillSo, toggle, toggleAll } from '../../selection/selection.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { Moment } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { AtHand } from './at-hand.tsx';
import { ChangeRow } from './change-row.tsx';
import type { Filter } from './filter.ts';
import { mergeShown, type ShownChange } from './merge-shown.ts';
import { PickAll, type Picking } from './pick.tsx';
import { queueWords } from './words.tsx';

/** The changes that fit a filter, to be opened or selected. Rows come and go without moving the others. */
export function ChangeList({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const { more_: more } = useWords(shellWords);
  const isPickable = may(useQuery(meQuery()).data, 'identity:decide');
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(changesQuery(filter));
  const [shown, setShown] = useShown(data, !hasNextPage);
  const list = useRef<HTMLUListElement>(null);
  const decideAt = pathWith('/bulk', { selected: 'yes', ...filter });
  const { picking, seen, selected } = usePicking(shown, decideAt);
  if (isPending) return <Loading />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  const isEmpty = shown.length === 0 && data.pages.every(({ items }) => items.length === 0);
  const tidy = () => {
    setShown(shown.filter(({ isGone }) => !isGone));
    list.current?.focus({ preventScroll: true });
  };
  return (
    <>
      {isEmpty && <Nobody filter={filter} onClear={onClear} />}
      {!isEmpty && isPickable && <PickAll selected={selected} onToggle={picking.toggleAll} />}
      <ul className="changes" ref={list} tabIndex={-1}>
        {shown.map(({ change, isGone }) => (
          <ChangeRow
            key={change.contactId}
            change={change}
            isGone={isGone}
            isSelected={seen.has(change.contactId)}
            picking={isPickable ? picking : null}
          />
        ))}
      </ul>
      {hasNextPage && (
        <Act className="more" isBusy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {more}
        </Act>
      )}
      <AtHand
        gone={shown.filter(({ isGone }) => isGone).length}
        elsewhere={seen.size - shown.filter(({ change }) => seen.has(change.contactId)).length}
        decideAt={decideAt}
        onTidy={tidy}
      />
    </>
  );
}

type Read = InfiniteData<PageOf<ShownChange['change']>>;
/** What is shown: what was read, with every row where it was. */
function useShown(read: Read | undefined, isWhole: boolean): [ShownChange[], (shown: ShownChange[]) => void] {
  const [shown, setShown] = useState<ShownChange[]>([]);
  const { select } = useSelecting();
  useEffect(() => {
    const now = read?.pages.flatMap(({ items }) => items);
    if (now !== undefined) setShown((before) => mergeShown(before, now, isWhole));
  }, [read, isWhole]);
  useEffect(() => select((now) => stillSo(now, shown)), [shown, select]);
  return [shown, setShown];
}

/** What is selected, and how the boxes select, always of the rows that are shown at that moment. */
function usePicking(shown: readonly ShownChange[], decideAt: string) {
  const { selection, select } = useSelecting();
  const [, navigate] = useLocation();
  const now = useRef({ shown, decideAt, selection, navigate });
  now.current = { shown, decideAt, selection, navigate };
  const picking = useMemo<Picking>(
    () => ({
      toggle: (contactId, isRange) => select((before) => toggle(before, now.current.shown, contactId, isRange)),
      extend: (from, to) => select((before) => extend(before, now.current.shown, from, to)),
      toggleAll: () => select((before) => toggleAll(before, now.current.shown)),
      goOn: () => {
        if (now.current.selection.seen.size > 0) now.current.navigate(now.current.decideAt);
      },
    }),
    [select],
  );
  return { picking, seen: selection.seen, selected: howMany(selection, shown) };
}

/** Nobody waits: says so, since when, and whether that is because nobody looks. */
function Nobody({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const w = useWords(queueWords);
  const numbers = useQuery(numbersQuery());
  const lastDecidedAt = useQuery(countsQuery()).data?.lastDecidedAt ?? null;
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
      {lastDecidedAt !== null && <p>{w.lastDecided(<Moment at={lastDecidedAt} />)}</p>}
      {off > 0 && (
        <p className="note">
          {w.checkOff(off, all.length)} {w.howToFix}
        </p>
      )}
    </div>
  );
}
