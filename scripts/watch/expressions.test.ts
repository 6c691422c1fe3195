import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { alerts, alertTests, expressions, panels } from './expressions.ts';
import { usesIn } from './promql.ts';

const operate = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8');

describe('a PromQL expression', () => {
  it.each([
    ['sum by (group) (rate(a_total{x="1"}[5m])) > 1', [{ metric: 'a_total', labels: ['group', 'x'] }]],
    [
      'histogram_quantile(0.99, sum by (le) (rate(b_bucket[$__rate_interval]))) and on() max(c) == 0',
      [
        { metric: 'b_bucket', labels: ['le'] },
        { metric: 'c', labels: [] },
      ],
    ],
    ['sum without (x) (max by (y, z) (d{job=~"$job"} offset 1d))', [{ metric: 'd', labels: ['x', 'y', 'z', 'job'] }]],
  ])('is read for its metrics and labels: %s', (expr, uses) => expect(usesIn(expr)).toEqual(uses));

  it.each([['sum by (group (a)'], ['rate(a[5m)'], ['a{b=}'], ['{job="a"}'], ['']])('is refused where it is none: %p', (expr) =>
    expect(() => usesIn(expr)).toThrow(SyntaxError),
  );
});

it.each(expressions.map(({ where, expr, shown }) => [where, expr, shown] as const))('%s: %s', (_where, expr, shown) => {
  expect(usesIn(expr).length).toBeGreaterThan(0);
  const kept = expr.match(/\bby \(([^)]*)\)/)?.[1]?.split(/,\s*/);
  if (kept !== undefined) expect(kept).toEqual(expect.arrayContaining([...shown]));
});

describe.each(alerts.map((one) => [one.alert, one] as const))('alert %s', (alert, { labels, annotations }) => {
  it('says who has to come, what happened, what it means and what to do', () => {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(Object.keys(annotations).sort()).toEqual(['description', 'runbook', 'summary']);
    expect(annotations.description).toMatch(/\.$/);
    expect(annotations.runbook).toBe(`docs/operate.md#${alert.toLowerCase()}`);
    expect(operate).toMatch(new RegExp(`^### ${alert}\\n\\n\\S`, 'm'));
  });

  it('is tested to fire', () => expect(alertTests).toMatch(new RegExp(`alertname: ${alert}\\b|alertname="${alert}"`)));
});

it('docs/operate.md says what to do for each alert, and for none that is not there', () => {
  const documented = [...operate.matchAll(/^### (Keyturn\w+)$/gm)].map(([, alert]) => alert);
  expect(documented.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
});

it('no panel of the dashboard lies on another, and each has an id and a title of its own', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
});
