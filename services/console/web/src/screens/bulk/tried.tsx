import type { BulkDecisionJson, BulkDecisionRequest, BulkRehearsedJson } from '@keyturn/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'react-aria-components';
import { useLocation } from 'wouter';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { useWords } from '../../words/language.tsx';
import { changeWords } from '../change/words.tsx';
import { Exceptions } from './exceptions.tsx';
import { bulkWords } from './words.tsx';

const goThere = (element: HTMLElement | null) => element?.focus();

type TriedProps = {
  readonly tried: BulkRehearsedJson;
  readonly said: BulkDecisionRequest;
  readonly onRun: () => void;
  readonly onAskAgain: () => void;
};
/** What the dry run said, what would be decided, and the way on or back. */
export function Tried({ tried, said, onRun, onAskAgain }: TriedProps) {
  const w = useWords(bulkWords);
  const { decidedAs } = useWords(changeWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { bulkId, counts, more, token } = tried;
  const run = useMutation({
    mutationFn: () => request<BulkDecisionJson>('POST', `/v1/bulk-decisions/${bulkId}/run`, { token }),
    onSuccess: (running) => {
      onRun();
      queries.setQueryData(['bulk', bulkId], running);
      navigate(`/bulk/${bulkId}`);
    },
  });
  return (
    <section ref={goThere} tabIndex={-1} className="decided" role="status">
      <p>
        <strong>{w.as(decidedAs[said.verdict], <bdi>{said.reason}</bdi>)}</strong>
      </p>
      <p>
        <strong>{counts.waiting === 0 ? w.none : w.fits(counts.waiting)}</strong>
      </p>
      {more && <p>{w.more}</p>}
      <Exceptions exceptions={counts.exceptions} />
      <p>{w.bound}</p>
      {counts.waiting > 0 && (
        <Act className="primary" isBusy={run.isPending} onPress={() => run.mutate()}>
          {w.run(counts.waiting)}
        </Act>
      )}
      {!run.isPending && <Button onPress={onAskAgain}>{w.askAgain}</Button>}
      {run.isError && <p role="alert">{faultWords(run.error)}</p>}
    </section>
  );
}
