import type { CoverageDayJson } from '@keyturn/contracts';
import { type Bar, Bars } from '../../charts/bars.tsx';
import { Chart } from '../../charts/chart.tsx';
import { useNow } from '../../shown/now.ts';
import { localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { chartsWords } from './chart-words.tsx';
import { dayIn, endsOf, lastDays } from './days.ts';

/** So that no message with a key is seen, and not taken for no message. */
const LEAST = 0.02;

/** Which share of the messages to a number carried a key, day by day. A day on which nobody wrote has none. */
export function CoverageChart({ days }: { days: readonly CoverageDayJson[] }) {
  const w = useWords(chartsWords);
  const language = useLanguage();
  const [locale, dayOf, dates] = [localeOf[language], dayIn(language), lastDays(useNow())];
  const [percent, count] = [new Intl.NumberFormat(locale, { style: 'percent' }), new Intl.NumberFormat(locale)];
  const byDay = new Map(days.map((one) => [one.day, one]));
  const share = ({ share: of, exact }: CoverageDayJson) => (exact ? '' : w.about) + percent.format(of);
  const bars = dates.map((date): Bar => {
    const one = byDay.get(date);
    if (one === undefined) return { key: date, parts: null, says: w.said(dayOf(date), w.nobody) };
    const says = w.said(dayOf(date), w.shareOf(share(one), count.format(one.messages)));
    return { key: date, parts: [Math.max(LEAST, one.share)], isBad: one.withHash === 0, says };
  });
  if (days.length === 0)
    return (
      <section>
        <h2>{w.coverage}</h2>
        <p>{w.noCoverage}</p>
      </section>
    );
  return (
    <Chart
      title={w.coverage}
      summary={w.coverageSum(count.format(days.filter(({ withHash }) => withHash === 0).length), count.format(days.length))}
      levels={[1, 0.5, 0].map((level) => percent.format(level))}
      times={endsOf(dates, dayOf)}
      table={{
        heads: [w.day, w.share, w.messages],
        rows: days.map((one) => ({ key: one.day, cells: [dayOf(one.day), share(one), count.format(one.messages)] })),
      }}
    >
      <Bars label={w.coverage} bars={bars} />
    </Chart>
  );
}
