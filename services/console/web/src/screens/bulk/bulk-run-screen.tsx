import type { BulkDecisionJson } from '@keyturn/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { may, meQuery } from '../../api/me.ts';
import { bulkQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Failed, Loading, useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { Exceptions } from './exceptions.tsx';
import { bulkWords } from './words.tsx';

/** How far a decision on many has come. It goes on by itself, whoever looks. */
export function BulkRunScreen({ bulkId }: { bulkId: string }) {
  const w = useWords(bulkWords);
  const run = useQuery(bulkQuery(bulkId));
  useTitle(w.title);
  return (
    <div className="bulk">
      <Link href="/" className="back">
        {w.back}
      </Link>
      <h1>{w.title}</h1>
      {run.isPending && <Loading />}
      {run.isError && <Failed error={run.error} onRetry={() => void run.refetch()} />}
      {run.data !== undefined && <Progress run={run.data} onCancel={() => void run.refetch()} />}
    </div>
  );
}

function Progress({ run: { bulkId, status, counts }, onCancel }: { run: BulkDecisionJson; onCancel: () => void }) {
  const w = useWords(bulkWords);
  const me = useQuery(meQuery()).data;
  const faultWords = useFaultWords();
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const cancel = useMutation({ mutationFn: () => request('POST', `/v1/bulk-decisions/${bulkId}/cancel`, {}), onSettled: onCancel });
  const { total, waiting, decided, exceptions } = counts;
  return (
    <section className="decided" data-status={status}>
      <p role="status">
        <strong>{w.states[status]}</strong>
      </p>
      <progress className="progress" max={Math.max(1, total)} value={total - waiting} aria-label={w.progress} />
      <p>{w.decided(format.format(decided), format.format(total))}</p>
      <p className="next">
        <a href={`/v1/bulk-decisions/${bulkId}/report`} download>
          {w.report}
        </a>
        {status === 'running' && may(me, 'identity:decide') && (
          <Act isBusy={cancel.isPending} onPress={() => cancel.mutate()}>
            {w.cancel}
          </Act>
        )}
      </p>
      {cancel.isError && <p role="alert">{faultWords(cancel.error)}</p>}
      <Exceptions exceptions={exceptions} />
    </section>
  );
}
