import type { PhoneNumberDetailJson } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { numberQuery } from '../../api/queries.ts';
import { Failed, Loading } from '../../shell/states.tsx';
import { useTitle } from '../../shown/use-title.ts';
import { useWords } from '../../words/language.tsx';
import { CourseCharts } from './course-charts.tsx';
import { CoverageChart } from './coverage-chart.tsx';
import { FixIt, NumberFacts, NumberName } from './numbers-screen.tsx';
import { PlatformSaid } from './platform-said.tsx';
import { SendsCharts } from './sends-charts.tsx';
import { numberWords } from './words.ts';

/** One number of ours: how it stands, its quality, limit, coverage and sends over time, and what the platform said. */
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
          {number.course !== undefined && <CourseCharts course={number.course} />}
        </div>
        <div>
          <CoverageChart days={number.coverage} />
          <SendsCharts days={number.gate ?? []} />
          <h2>{w.history}</h2>
          {number.history.length === 0 && <p>{w.noHistory}</p>}
          <ol className="timeline">
            {number.history.map((entry) => (
              <PlatformSaid key={entry.eventId} entry={entry} />
            ))}
          </ol>
        </div>
      </div>
    </>
  );
}
