import type { AlertRouteJson } from '@keyturn/contracts';
import { Ago } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { alertWords } from '../alerts/words.tsx';
import { Outcome } from './delivery.tsx';

/** Whether a route takes what it is sent; where it does not, since when, and what it said last. */
export function RouteHealth({ route: { isComplete, health } }: { route: AlertRouteJson }) {
  const w = useWords(alertWords);
  const { status, failingSince, lastDeliveredAt, lastOutcome, lastHttpStatus, lastAnswer, waiting } = health;
  const at = status === 'failing' ? failingSince : lastDeliveredAt;
  return (
    <>
      <small data-check={status === 'failing' || !isComplete ? 'off' : 'on'}>
        {w.health[status]}
        {at !== null && (
          <>
            {' · '}
            <Ago at={at} />
          </>
        )}
        {!isComplete && <> · {w.incomplete}</>}
        {waiting > 0 && <> · {w.waiting(waiting)}</>}
      </small>
      {status === 'failing' && (
        <small>
          <br />
          <Outcome outcome={lastOutcome} httpStatus={lastHttpStatus} answer={lastAnswer} />
        </small>
      )}
    </>
  );
}
