import type { HealthJson, WebhookCountsJson, WebhookSpan } from '@keyturn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { webhookCountsQuery } from '../../api/queries.ts';
import { type Bar, Bars } from '../../charts/bars.tsx';
import { Chart } from '../../charts/chart.tsx';
import { topOf } from '../../charts/scale.ts';
import { chartWords } from '../../charts/words.ts';
import { Failed } from '../../shell/states.tsx';
import { useNow } from '../../shown/now.ts';
import { Ago } from '../../shown/shown.tsx';
import { type Language, localeOf, useLanguage, useWords } from '../../words/language.tsx';
import { rateWords } from './rate-words.tsx';

/** Counts that are older are said to be. */
const FRESH_MS = 120_000;
const spans = ['6h', '24h', '7d'] as const satisfies readonly WebhookSpan[];

/** How many webhooks came when: silence is seen, and so is a time of which nobody knows. */
export function WebhookRate({ silence }: { silence: HealthJson['webhooks']['silence'] }) {
  const w = useWords(rateWords);
  const id = useId();
  const [over, setOver] = useState<WebhookSpan>('24h');
  const counts = useQuery(webhookCountsQuery(over));
  const number = numberIn(useLanguage());
  return (
    <section className="rate" aria-busy={counts.isPending || counts.isPlaceholderData}>
      <div className="choice">
        <label htmlFor={id}>{w.over}</label>
        <select id={id} value={over} onChange={({ target }) => setOver(target.value as WebhookSpan)}>
          {spans.map((span) => (
            <option key={span} value={span}>
              {w.spans[span]}
            </option>
          ))}
        </select>
      </div>
      {counts.isError && counts.data === undefined ? (
        <Failed error={counts.error} onRetry={() => void counts.refetch()} />
      ) : (
        <Rate counts={counts.data} />
      )}
      {silence !== null && <p className="note">{w.silent(<Ago at={silence.since} />, number(silence.usual))}</p>}
    </section>
  );
}

const nothing: WebhookCountsJson = { stepSeconds: 300, steps: [], countedTo: null };

/** While nothing is read yet, as large as it will be. */
function Rate({ counts }: { counts: WebhookCountsJson | undefined }) {
  const w = useWords(rateWords);
  const { unknown } = useWords(chartWords);
  const language = useLanguage();
  const now = useNow();
  const { steps, stepSeconds, countedTo } = counts ?? nothing;
  const known = steps.flatMap(({ webhooks }) => (webhooks === null ? [] : [webhooks]));
  const top = topOf(known);
  const [number, span] = [numberIn(language), spanIn(language, stepSeconds)];
  const said = ({ webhooks, complete }: WebhookCountsJson['steps'][number]) =>
    webhooks === null ? unknown : number(webhooks) + (complete ? '' : ` ${w.soFar}`);
  const bars = steps.map((step): Bar => {
    const parts = step.webhooks === null ? null : [step.webhooks / top];
    return { key: step.at, parts, isPartial: !step.complete, says: w.step(span(step.at), said(step)) };
  });
  const last = steps.findLast(({ webhooks }) => (webhooks ?? 0) > 0);
  const sum = number(known.reduce((all, one) => all + one, 0));
  return (
    <>
      <Chart
        title={w.title}
        summary={summary()}
        levels={[top, top / 2, 0].map((level) => number(level))}
        times={timesOf(steps, language, w.now)}
        table={{ heads: [w.time, w.webhooks], rows: steps.toReversed().map((one) => ({ key: one.at, cells: [span(one.at), said(one)] })) }}
      >
        <Bars label={w.title} bars={bars} />
      </Chart>
      {countedTo !== null && now - Date.parse(countedTo) > FRESH_MS && <p className="note">{w.stale(<Ago at={countedTo} />)}</p>}
    </>
  );

  function summary() {
    if (counts === undefined) return null;
    if (countedTo === null) return w.never;
    if (known.length === 0) return w.unknown;
    return last === undefined ? w.none : w.sum(sum, span(last.at));
  }
}

const numberIn = (language: Language) => {
  const format = new Intl.NumberFormat(localeOf[language]);
  return (count: number) => format.format(count);
};

/** A step by its day and times, in the reader's time zone. */
function spanIn(language: Language, seconds: number): (at: string) => string {
  const format = new Intl.DateTimeFormat(localeOf[language], { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  return (at) => format.formatRange(Date.parse(at), Date.parse(at) + seconds * 1_000);
}

/** The first, the middle and now. */
function timesOf(steps: WebhookCountsJson['steps'], language: Language, now: string): string[] {
  const format = new Intl.DateTimeFormat(localeOf[language], { weekday: 'short', hour: '2-digit', minute: '2-digit' });
  const [first, middle] = [steps[0], steps[Math.floor(steps.length / 2)]];
  return first === undefined || middle === undefined
    ? []
    : [format.format(Date.parse(first.at)), format.format(Date.parse(middle.at)), now];
}
