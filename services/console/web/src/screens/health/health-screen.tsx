import type { HealthJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { healthQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ago, Lasting } from '../../shown/shown.tsx';
import { StillHeading } from '../../shown/still-heading.tsx';
import { useStill } from '../../shown/use-still.ts';
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

const keyOf = ({ group, code }: HealthJson['deadLetters'][number]): string => `${group} ${code}`;

function Health({ health }: { health: HealthJson }) {
  const w = useWords(healthWords);
  const format = new Intl.NumberFormat(localeOf[useLanguage()]);
  const { healthy, consumers, outbox, identityChanges, deadLetters, asOf } = health;
  const letters = useStill(deadLetters, keyOf);
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
      <WebhookRate silence={health.webhooks.silence} />
      <StillHeading title={w.letters} fresh={letters.fresh} onShow={letters.showAll} />
      {letters.rows.length === 0 && <p>{w.noLetters}</p>}
      {letters.rows.map(({ row, isGone }) => (
        <Letters key={keyOf(row)} letters={row} isGone={isGone} />
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
