import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const read = (path: string): string => readFileSync(new URL(`../../infra/${path}`, import.meta.url), 'utf8');

/** An alert as `infra/prometheus/alerts.yaml` has it. */
export type Alert = {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};
/** All alerts. */
export const alerts: readonly Alert[] = (parse(read('prometheus/alerts.yaml')) as { groups: { rules: Alert[] }[] }).groups.flatMap(
  ({ rules }) => rules,
);
/** What the unit tests of the alerts hold, as text. */
export const alertTests: string = read('prometheus/alerts.test.yaml') + read('prometheus/alerts-long.test.yaml');

/** A panel of the dashboard. */
export type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
};
/** All panels of the dashboard. */
export const panels: readonly Panel[] = (JSON.parse(read('grafana/keyturn.json')) as { panels: Panel[] }).panels;

/** Everything that is asked of Prometheus, with where it stands and the texts that name labels of its answer. */
export const expressions = [
  ...alerts.map(({ alert, expr, annotations }) => ({ where: `alert ${alert}`, expr, texts: Object.values(annotations).map(labelsShown) })),
  ...panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, legendFormat }) => ({ where: `panel ${title}`, expr, texts: [labelsShown(legendFormat)] })),
  ),
].map(({ where, expr, texts }) => ({ where, expr, shown: texts.flat() }));

function labelsShown(text: string): string[] {
  return [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label);
}
