import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { actorsQuery, messagesQuery, timelineQuery } from '../../api/queries.ts';
import { Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/language.tsx';
import { Messages } from './messages.tsx';
import { Timeline } from './timeline.tsx';
import { contactWords } from './words.tsx';

/** The messages with somebody and what happened to them: both at once, so that neither moves the other; and each holds still while it is read anew. `children` come after. */
export function Past({ contactId, children }: { contactId: string; children?: ReactNode }) {
  const { history } = useWords(contactWords);
  const messages = useInfiniteQuery(messagesQuery(contactId));
  const timeline = useInfiniteQuery(timelineQuery(contactId));
  const actors = useQuery(actorsQuery());
  if (messages.isPending || timeline.isPending || actors.isPending) return <Loading />;
  return (
    <>
      <Messages contactId={contactId} />
      <section>
        <Timeline title={history} contactId={contactId} />
        {children}
      </section>
    </>
  );
}
