import type { HealthJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { healthQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ago, Lasting } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { ConsumerName } from './consumer-name.tsx';
import { Letters } from './letters.tsx';
import { WebhookRate } from './webhook-rate.tsx';
import { healthWords } from './words.tsx';

/** A consumer that is further behind than this is late. */
const LATE_SECONDS = 30;

/** How the line is, step by step, and what could not be applied. */
export function HealthScreen() {
  const w = useWords(healthWords);
  const health = useQuery(healthQuery());
  useTitle(w.title);
  return (
    <div className="health">
      <h1>{w.title}</h1>
      {health.isPending && <Loading />}
      {health.isError && health.data === undefined && <Failed error={health.error} onRetry={() => void health.refetch()} />}
      {health.data !== undefined && <Health health={health.data} />}
    </div>
  );
}

function Health({ health }: { health: HealthJson }) {
  const w = useWords(healthWords);
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const [decided, setDecided] = useState<number | null>(null); // said here: once decided on, they are no more in the list
  const { healthy, consumers, outbox, identityChanges, deadLetters, asOf } = health;
  return (
    <>
      <p className={healthy ? 'lead' : 'note'} role="status">
        {healthy ? w.good : w.bad} {w.asOf(<Ago at={asOf} />)}
      </p>
      <h2>{w.steps}</h2>
      <ol className="steps">
        {consumers.map((one) => (
          <Consumer key={one.group} consumer={one} />
        ))}
        <li className="step" data-state={outbox.waiting > 0 ? 'busy' : 'well'}>
          <strong>{w.outbox}</strong>
          <br />
          {outbox.oldestAt === null ? w.outboxEmpty : w.outboxWaiting(format.format(outbox.waiting), <Ago at={outbox.oldestAt} />)}
        </li>
        <li className="step">
          <strong>{w.open}</strong>
          <br />
          {w.openCount(identityChanges.open)}
          {identityChanges.oldestSince !== null && <> · {w.oldest(<Lasting at={identityChanges.oldestSince} />)}</>}
        </li>
      </ol>
      <WebhookRate />
      <h2>{w.letters}</h2>
      <p role="status">{decided !== null && w.done(decided)}</p>
      {deadLetters.length === 0 && <p>{w.noLetters}</p>}
      {deadLetters.map((letters) => (
        <Letters key={`${letters.group} ${letters.code}`} letters={letters} onDecided={setDecided} />
      ))}
    </>
  );
}

function Consumer({ consumer: { group, caughtUpAt, behindSeconds, logLost } }: { consumer: HealthJson['consumers'][number] }) {
  const w = useWords(healthWords);
  const isLate = logLost || caughtUpAt === null || (behindSeconds ?? 0) > LATE_SECONDS;
  return (
    <li className="step" data-state={isLate ? 'late' : 'well'}>
      <strong>
        <ConsumerName group={group} />
      </strong>
      <br />
      {logLost ? w.logLost : caughtUpAt === null ? w.never : w.behind(<Ago at={caughtUpAt} />)}
    </li>
  );
}
