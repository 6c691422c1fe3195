import type { AuditEntryJson } from '@keyturn/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { actorsQuery, auditQuery } from '../../api/queries.ts';
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
  const isPending = useQuery(actorsQuery()).isPending || audit.isPending; // both at once, so that nothing moves
  useTitle(w.title);
  const entries = isPending ? [] : (audit.data?.pages.flatMap(({ items }) => items) ?? []);
  return (
    <div className="audit">
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {isPending && <Loading />}
      {audit.isError && <Failed error={audit.error} onRetry={() => void audit.refetch()} />}
      {!isPending && entries.length === 0 && !audit.isError && <p>{w.none}</p>}
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

/** On what: a contact can be opened, a member or key has a name. */
function Subject({ subject }: { subject: string }) {
  const [kind, id = ''] = subject.split(/:(.*)/);
  if (kind === 'member' || kind === 'key') return <Actor actor={subject} />;
  const shown = <Ltr className="code">{id.length > 16 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id}</Ltr>;
  return kind === 'contact' ? <Link href={`/contacts/${id}`}>{shown}</Link> : shown;
}
