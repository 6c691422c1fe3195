import type { AlertDeliveryJson } from '@keyturn/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { request } from '../../api/request.ts';
import { useFaultWords } from '../../shell/states.tsx';
import { Act } from '../../shown/act.tsx';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { Outcome } from './delivery.tsx';
import { alertingWords } from './words.tsx';

/** Sends a route one message now, and says how that ended. */
export function TestRoute({ name }: { name: string }) {
  const w = useWords(alertingWords);
  const alerts = useWords(alertWords);
  const faultWords = useFaultWords();
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => request<AlertDeliveryJson>('POST', `/v1/alert-routes/${name}/test`, {}),
    onSettled: () => void queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  return (
    <>
      <Act aria-label={alerts.testOf(name)} isBusy={test.isPending} onPress={() => test.mutate()}>
        {alerts.test}
      </Act>
      <p role="status" className="tested" data-check={test.data?.status === 'delivered' ? 'on' : 'off'}>
        {test.isPending && w.testing}
        {test.data !== undefined && test.data.lastAttempt !== null && <Outcome {...test.data.lastAttempt} />}
        {test.isError && faultWords(test.error)}
      </p>
    </>
  );
}
