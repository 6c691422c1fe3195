import type { ExposureCounts, ExposureJson, UngatedJson } from '@keyturn/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { exposureQuery } from '../../api/queries.ts';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { Moment } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { queueWords } from '../queue/words.tsx';
import { OurNumber } from './evidence-part.tsx';
import { changeWords } from './words.tsx';

/** What went out since the last proof of the old holder: the count at once, the messages when asked for. */
export function ExposurePart({ contactId }: { contactId: string }) {
  const w = useWords(changeWords);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(exposureQuery(contactId));
  const [newest] = data?.pages ?? [];
  return (
    <section>
      <h2>{w.sent}</h2>
      {data === undefined || newest === undefined ? (
        <p>{'\u00a0'}</p>
      ) : (
        <Sent
          exposure={{ ...newest, items: data.pages.flatMap(({ items }) => items) }}
          more={hasNextPage ? { isBusy: isFetchingNextPage, onPress: () => void fetchNextPage() } : null}
        />
      )}
      {newest?.ungated !== undefined && <Ungated ungated={newest.ungated} />}
    </section>
  );
}

type More = { readonly isBusy: boolean; readonly onPress: () => void };
type SentProps = { readonly exposure: ExposureJson; readonly more: More | null };
function Sent({ exposure: { beforeBlock, afterBlock, items }, more }: SentProps) {
  const w = useWords(changeWords);
  const { more_: showMore } = useWords(shellWords);
  const named = useCategory();
  const language = useLanguage();
  const [after, all] = [sum(afterBlock), sum(beforeBlock) + sum(afterBlock)];
  if (all === 0) return <p>{w.sentNone}</p>;
  const kinds = new Map<string, number>();
  for (const { byCategory } of [beforeBlock, afterBlock])
    for (const [kind, count] of Object.entries(byCategory)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  const list = new Intl.ListFormat(localeOf[language], { type: 'unit' }).format(
    [...kinds].map(([kind, count]) => w.ofCategory(count, named(kind))),
  );
  return (
    <>
      <p>
        <strong>{w.sentCount(all)}</strong>
        {list !== '' && <> ({list})</>}
        {after > 0 && <> · {w.sentAfter(after)}</>}
      </p>
      <details>
        <summary>{w.show}</summary>
        <ul>
          {items.map(({ wamid, at, category, reach }) => (
            <li key={wamid}>
              <Moment at={at} /> · {named(category ?? 'unknown')} · {w.reach[reach]}
            </li>
          ))}
        </ul>
        {more !== null && (
          <p className="more-of">
            {w.firstOf(items.length, all)} <Act {...more}>{showMore}</Act>
          </p>
        )}
      </details>
    </>
  );
}

/** What went past the gate to somebody who was blocked: nothing should have. */
function Ungated({ ungated: { messages, lastAt, phoneNumberIds } }: { ungated: UngatedJson }) {
  const w = useWords(changeWords);
  const from = phoneNumberIds.map((phoneNumberId, i) => (
    <Fragment key={phoneNumberId}>
      {i > 0 && ' · '}
      <OurNumber phoneNumberId={phoneNumberId} />
    </Fragment>
  ));
  return <p className="ungated">{w.ungated(messages, <Moment at={lastAt} />, from)}</p>;
}

const sum = ({ sent, delivered, read, failed }: ExposureCounts): number => sent + delivered + read + failed;

function useCategory(): (category: string) => string {
  const { categories } = useWords(queueWords);
  const { unpriced } = useWords(changeWords);
  return (category) => (category in categories ? categories[category as keyof typeof categories] : unpriced);
}
