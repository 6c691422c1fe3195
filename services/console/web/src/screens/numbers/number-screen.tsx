import type { AccountEntryJson, CoverageDayJson, PhoneNumberDetailJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { numberQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { Ago, Ltr } from '../../shown/shown.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { FixIt, NumberFacts, NumberName } from './numbers-screen.tsx';
import { numberWords } from './words.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;

/** One number of ours: how it stands, how many of its messages carried a key day by day, and what the platform said. */
export function NumberScreen({ phoneNumberId }: { phoneNumberId: string }) {
  const w = useWords(numberWords);
  const number = useQuery(numberQuery(phoneNumberId));
  useTitle(w.title);
  return (
    <article className="number-screen">
      <Link href="/numbers" className="back">
        {w.back}
      </Link>
      {number.isPending && <Loading />}
      {number.isError && <Failed error={number.error} onRetry={() => void number.refetch()} />}
      {number.data !== undefined && <One number={number.data} />}
    </article>
  );
}

function One({ number }: { number: PhoneNumberDetailJson }) {
  const w = useWords(numberWords);
  return (
    <>
      <h1>
        <NumberName number={number} />
      </h1>
      <div className="parts">
        <div>
          <NumberFacts number={number} />
          {number.identityCheck.status === 'off' && <FixIt />}
        </div>
        <div>
          <Coverage days={number.coverage} />
          <h2>{w.history}</h2>
          {number.history.length === 0 && <p>{w.noHistory}</p>}
          <ol className="timeline">
            {number.history.map((entry) => (
              <Entry key={entry.eventId} entry={entry} />
            ))}
          </ol>
        </div>
      </div>
    </>
  );
}

/** The last thirty days, the latest last: a bar for each on which somebody wrote. */
function Coverage({ days }: { days: readonly CoverageDayJson[] }) {
  const w = useWords(numberWords);
  const locale = localeOf[useLanguage()];
  const [percent, count] = [new Intl.NumberFormat(locale, { style: 'percent' }), new Intl.NumberFormat(locale)];
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const byDay = new Map(days.map((one) => [one.day, one]));
  const dates = Array.from({ length: DAYS }, (_, i) => new Date(Date.now() - (DAYS - 1 - i) * DAY_MS).toISOString().slice(0, 10));
  const saying = ({ day, share, messages, exact }: CoverageDayJson) =>
    w.coverageOf(short.format(new Date(day)), (exact ? '' : w.about) + percent.format(share), count.format(messages));
  return (
    <section>
      <h2>{w.coverage}</h2>
      {days.length === 0 && <p>{w.noCoverage}</p>}
      <ol className="bars">
        {dates.map((date) => {
          const one = byDay.get(date);
          return (
            <li key={date} className="day" title={one && saying(one)}>
              {one !== undefined && <span className="bar-of" style={{ blockSize: `${Math.max(2, one.share * 100)}%` }} />}
              {one !== undefined && <span className="hidden">{saying(one)}</span>}
            </li>
          );
        })}
      </ol>
      <p className="axis">
        <span>{short.format(new Date(dates[0] ?? 0))}</span>
        <span>{short.format(new Date(dates.at(-1) ?? 0))}</span>
      </p>
    </section>
  );
}

/** In the platform's own words: they are what one searches for in its documentation. */
function Entry({ entry: { type, occurredAt, recordedAt, detail } }: { entry: AccountEntryJson }) {
  const said = Object.entries(detail).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return (
    <li className="timeline-entry">
      <Ago at={occurredAt ?? recordedAt} />
      <span>
        <Ltr className="code wrap">{type}</Ltr>{' '}
        {said.map(([key, value]) => (
          <Ltr key={key} className="code wrap">{`${key}=${String(value)} `}</Ltr>
        ))}
      </span>
    </li>
  );
}
