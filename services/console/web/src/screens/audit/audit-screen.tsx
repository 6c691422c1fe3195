import type { AuditEntryJson } from '@keyturn/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { auditQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { shellWords } from '../../shell/words.ts';
import { Act } from '../../shown/act.tsx';
import { Actor } from '../../shown/actor.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { auditWords } from './words.ts';

/** Who did what, and when. */
export function AuditScreen() {
  const w = useWords(auditWords);
  const { more_: more } = useWords(shellWords);
  const audit = useInfiniteQuery(auditQuery());
  useTitle(w.title);
  const entries = audit.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div>
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {audit.isPending && <Loading />}
      {audit.isError && <Failed error={audit.error} onRetry={() => void audit.refetch()} />}
      {audit.data !== undefined && entries.length === 0 && <p>{w.none}</p>}
      <ol className="timeline">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {audit.hasNextPage && (
        <Act className="more" isBusy={audit.isFetchingNextPage} onPress={() => void audit.fetchNextPage()}>
          {more}
        </Act>
      )}
    </div>
  );
}

function Entry({ entry: { at, actor, action, subject, status } }: { entry: AuditEntryJson }) {
  const w = useWords(auditWords);
  const isDone = status !== null && status < 400;
  return (
    <li className="timeline-entry">
      <Ago at={at} />
      <span>
        <strong>{action in w.actions ? w.actions[action as keyof typeof w.actions] : <Ltr className="code">{action}</Ltr>}</strong>
        {' · '}
        {actor === 'anonymous' ? w.anonymous : <Actor actor={actor} />}
        {subject !== null && (
          <>
            {' · '}
            <Subject subject={subject} />
          </>
        )}
        {!isDone && <> · {status === null ? w.unknown : w.refused(status)}</>}
      </span>
    </li>
  );
}

/** On what; a contact can be opened. */
function Subject({ subject }: { subject: string }) {
  const [kind, id = ''] = subject.split(/:(.*)/);
  const shown = <Ltr className="code">{id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}</Ltr>;
  return kind === 'contact' ? <Link href={`/contacts/${id}`}>{shown}</Link> : shown;
}
