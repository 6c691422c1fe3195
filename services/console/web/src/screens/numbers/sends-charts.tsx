import type { GateDayJson } from '@keyturn/contracts';
import { type Bar, Bars } from '../../charts/bars.tsx';
import { Chart } from '../../charts/chart.tsx';
import { topOf } from '../../charts/scale.ts';
import { useNow } from '../../shown/now.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { chartsWords } from './chart-words.tsx';
import { dayIn, endsOf, lastDays } from './days.ts';

type Kind = { readonly title: string; readonly none: string; readonly counts: readonly (readonly [of: keyof GateDayJson, word: string])[] };

/** What a number sent through the gate, day by day, and what went past it, each on a scale of its own: three that went past it are seen beside ten thousand. */
export function SendsCharts({ days }: { days: readonly GateDayJson[] }) {
  const w = useWords(chartsWords);
  return (
    <>
      <Sends days={days} title={w.gated} none={w.noneGated} counts={[['allowed', w.allowed] as const, ['denied', w.denied] as const]} />
      <Sends days={days} title={w.ungated} none={w.noneUngated} counts={[['ungated', w.messages] as const]} isBad />
    </>
  );
}

function Sends({ days, title, none, counts, isBad = false }: Kind & { days: readonly GateDayJson[]; isBad?: boolean }) {
  const w = useWords(chartsWords);
  const language = useLanguage();
  const [number, dayOf, dates] = [new Intl.NumberFormat(localeOf[language]), dayIn(language), lastDays(useNow())];
  const of = (day: GateDayJson | undefined) => counts.map(([name]) => Number(day?.[name] ?? 0));
  const byDay = new Map(days.map((one) => [one.day, one]));
  const sums = counts.map(([name, word]) => ({ word, sum: days.reduce((sum, day) => sum + Number(day[name]), 0) }));
  if (sums.every(({ sum }) => sum === 0))
    return (
      <section>
        <h2>{title}</h2>
        <p>{none}</p>
      </section>
    );
  const top = topOf(days.map((day) => of(day).reduce((sum, one) => sum + one, 0)));
  const inWords = (numbers: readonly number[]) => counts.map(([, word], i) => w.counted(word, number.format(numbers[i] ?? 0))).join(w.and);
  const bars = dates.map((date): Bar => {
    const numbers = of(byDay.get(date));
    return { key: date, parts: numbers.map((one) => one / top), isBad, says: w.said(dayOf(date), inWords(numbers)) };
  });
  const summary = sums.map(({ word, sum }) => (
    <span key={word} className="sum" data-bad={isBad}>
      {w.counted(word, number.format(sum))}
    </span>
  ));
  return (
    <Chart
      title={title}
      summary={summary}
      levels={[top, top / 2, 0].map((level) => number.format(level))}
      times={endsOf(dates, dayOf)}
      table={{
        heads: [w.day, ...counts.map(([, word]) => word)],
        rows: days.map((day) => ({ key: day.day, cells: [dayOf(day.day), ...of(day).map((one) => number.format(one))] })),
      }}
    >
      <Bars label={title} bars={bars} />
    </Chart>
  );
}
