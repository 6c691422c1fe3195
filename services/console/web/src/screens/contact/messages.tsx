import type { ContactMessageJson, GateCode } from '@keyturn/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { messagesQuery } from '../../api/queries.ts';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { StillHeading } from '../../shown/still-heading.tsx';
import { useStill } from '../../shown/use-still.ts';
import { useWords } from '../../words/language.tsx';
import { OurNumber } from '../change/evidence-part.tsx';
import { platformWords } from '../numbers/platform-words.ts';
import { queueWords } from '../queue/words.tsx';
import { denialWords } from './denial-words.ts';
import { contactWords } from './words.tsx';

const keyOf = ({ at, id }: ContactMessageJson): string => `${at} ${id}`;

/** When the person was written to and wrote, never what was said; what is written meanwhile waits to be asked for. */
export function Messages({ contactId }: { contactId: string }) {
  const w = useWords(contactWords);
  const { more_: more } = useWords(shellWords);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(messagesQuery(contactId));
  const messages = useMemo(() => data?.pages.flatMap(({ items }) => items), [data]);
  const { rows, fresh, showAll } = useStill(messages, keyOf);
  if (data === undefined) return null;
  return (
    <section>
      <StillHeading title={w.messages} fresh={fresh} onShow={showAll} />
      {rows.length === 0 && <p>{w.noMessages}</p>}
      <ol className="timeline">
        {rows.map(({ row }) => (
          <Message key={keyOf(row)} message={row} />
        ))}
      </ol>
      {hasNextPage && (
        <Act className="more" isBusy={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {more}
        </Act>
      )}
    </section>
  );
}

function Message({ message: { kind, at, phoneNumberId, category, reasons = [] } }: { message: ContactMessageJson }) {
  const w = useWords(contactWords);
  const { categories } = useWords(queueWords);
  const { unknown } = useWords(platformWords);
  const denials = useWords(denialWords);
  return (
    <li className="timeline-entry">
      <Ago at={at} />
      <span>
        <strong>{kind in w.messageKinds ? w.messageKinds[kind as keyof typeof w.messageKinds] : w.otherMessage}</strong>
        {category !== null && category in categories && <> · {categories[category as keyof typeof categories]}</>}
        {phoneNumberId !== null && (
          <>
            {' · '}
            <OurNumber phoneNumberId={phoneNumberId} />
          </>
        )}
        {reasons.map((reason) => (
          <span key={reason} className="said">
            {denials[reason as GateCode] ?? unknown} <Ltr className="code wrap">{reason}</Ltr>
          </span>
        ))}
      </span>
    </li>
  );
}
