import type { NumberCourseJson } from '@keyturn/contracts';
import type { ReactNode } from 'react';
import { Chart } from '../../charts/chart.tsx';
import { StepLine } from '../../charts/step-line.tsx';
import { stretchesOf, type Turn } from '../../charts/stretches.ts';
import { useNow } from '../../shown/now.ts';
import { Ltr } from '../../shown/shown.tsx';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { chartsWords } from './chart-words.tsx';
import { dayIn, endsOf } from './days.ts';
import { inOrder } from './limit.ts';
import { useLimitWords } from './use-limit-words.ts';

const SPAN_MS = 90 * 86_400_000;

/** How the platform's verdict on a number, and how many people it may write to first, went over ninety days. */
export function CourseCharts({ course: { quality, limit, limitOf } }: { course: NumberCourseJson }) {
  const w = useWords(chartsWords);
  const limitWords = useLimitWords();
  const limits = inOrder(limit.map((one) => one.limit));
  return (
    <>
      <Course
        title={w.quality}
        none={w.noQuality}
        levels={[w.qualities.flagged, w.qualities.unflagged]}
        bad={[0]}
        turns={quality.map(({ status, at }) => ({ at: msOf(at), value: status === 'flagged' ? 0 : 1 }))}
      />
      <Course
        title={limitOf === 'account' ? w.accountLimit : w.limit}
        none={w.noLimit}
        levels={limits.map((one) => limitWords(one) ?? one)}
        isCode={limits.map((one) => limitWords(one) === null)}
        turns={limit.map((one) => ({ at: msOf(one.at), value: limits.indexOf(one.limit) }))}
      />
    </>
  );
}

const msOf = (at: string | null): number | null => (at === null ? null : Date.parse(at));

type CourseProps = {
  readonly title: string;
  readonly none: string;
  /** In words, the lowest first. */
  readonly levels: readonly string[];
  readonly isCode?: readonly boolean[];
  readonly bad?: readonly number[];
  readonly turns: readonly Turn<number>[];
};

function Course({ title, none, levels, isCode = [], bad = [], turns }: CourseProps) {
  const w = useWords(chartsWords);
  const language = useLanguage();
  const now = useNow();
  const last = turns.at(-1);
  if (last === undefined)
    return (
      <section>
        <h2>{title}</h2>
        <p>{none}</p>
      </section>
    );
  const from = now - SPAN_MS;
  const shown = (level: number): ReactNode => (isCode[level] ? <Ltr className="code wrap">{levels[level] ?? ''}</Ltr> : levels[level]);
  const format = new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'long', timeStyle: 'short' });
  const since = ({ at }: Turn<number>) => (at === null ? null : format.format(at));
  const stretches = stretchesOf(turns, from, now);
  const isUnknown = stretches[0]?.value === null;
  return (
    <Chart
      title={title}
      summary={
        <>
          {w.nowIs(shown(last.value), since(last))} {isUnknown && w.before}
        </>
      }
      isBanded
      levels={levels.toReversed()}
      times={endsOf([from, (from + now) / 2, now], dayIn(language))}
      table={{
        heads: [w.since, title],
        rows: turns.toReversed().map((turn) => ({ key: `${turn.at} ${turn.value}`, cells: [since(turn) ?? w.noTime, shown(turn.value)] })),
      }}
    >
      <StepLine stretches={stretches} levels={levels.length} bad={bad} label={w.picture(title, levels[last.value] ?? '')} />
    </Chart>
  );
}
