import type { AlertDeliveryJson } from '@keyturn/contracts';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useWords } from '../../words/language.tsx';
import { outcomeWords } from './outcome-words.tsx';

type Attempt = { readonly outcome: string | null; readonly httpStatus: number | null; readonly answer: string | null };

/** How an attempt ended, in words, with what the route said itself. */
export function Outcome({ outcome, httpStatus, answer }: Attempt) {
  const w = useWords(outcomeWords);
  return (
    <>
      {outcome === null ? w.underWay : (w.outcomes[outcome] ?? <Ltr className="code">{outcome}</Ltr>)}
      {httpStatus !== null && <> ({w.httpStatus(httpStatus)})</>}
      {answer !== null && answer !== '' && <>. {w.answered(<Ltr className="code wrap">{answer}</Ltr>)}</>}
    </>
  );
}

/** What was told, what became of it, and what the route answered last. */
export function Delivery({ delivery: { message, status, attempts, createdAt, lastAttempt } }: { delivery: AlertDeliveryJson }) {
  const w = useWords(outcomeWords);
  return (
    <li className="timeline-entry">
      <Ago at={createdAt} />
      <span data-check={status === 'delivered' || status === 'superseded' ? 'on' : 'off'}>
        {w.messages[message]} · {w.status[status]}
        {attempts > 1 && <> · {w.attempts(attempts)}</>}
        {lastAttempt !== null && (
          <small>
            <br />
            <Outcome {...lastAttempt} />
          </small>
        )}
      </span>
    </li>
  );
}
