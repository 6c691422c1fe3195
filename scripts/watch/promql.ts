import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A metric that an expression reads, and the labels by which it selects or groups it. */
export type Use = { readonly metric: string; readonly labels: readonly string[] };

/** What Grafana puts in before Prometheus sees it. */
const withoutVariables = (expr: string): string => expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+|\$\{\w+\}/g, 'variable');

/** The metrics that a PromQL expression reads, with their labels, as Prometheus' own grammar has it. Throws where it is no PromQL. */
export function usesIn(expr: string): Use[] {
  const text = withoutVariables(expr);
  const textOf = ({ from, to }: SyntaxNode): string => text.slice(from, to);
  const uses: Use[] = [];
  const below = (node: SyntaxNode, grouped: readonly string[]): void => {
    if (node.type.isError) throw new SyntaxError(`no PromQL at ${node.from}: ${expr}`);
    const here = node.name === 'AggregateExpr' ? [...grouped, ...labelsOf(node.getChild('AggregateModifier'), textOf)] : grouped;
    if (node.name === 'VectorSelector') {
      const metric = node.getChild('Identifier');
      if (metric === null) throw new SyntaxError(`a selector without a metric's name: ${expr}`);
      uses.push({ metric: textOf(metric), labels: [...new Set([...here, ...labelsOf(node.getChild('LabelMatchers'), textOf)])] });
    }
    for (let child = node.firstChild; child !== null; child = child.nextSibling) below(child, here);
  };
  below(parser.parse(text).topNode, []);
  return uses;
}

function labelsOf(node: SyntaxNode | null, textOf: (node: SyntaxNode) => string): string[] {
  if (node === null) return [];
  if (node.name === 'LabelName') return [textOf(node)];
  const labels: string[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) labels.push(...labelsOf(child, textOf));
  return labels;
}
