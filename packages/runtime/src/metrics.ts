import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const registry = new Registry();
let collectsProcess = false;

/** From a millisecond to ten seconds: what a request, a send or a batch takes. */
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of this process: one registry, and the same metric for the same name however often it is asked for. Labels hold no personal
 *  data and few values. */
export const metrics = {
  registry,
  counter: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> =>
    (registry.getSingleMetric(name) as Counter<Label> | undefined) ?? new Counter({ name, help, labelNames, registers: [registry] }),
  gauge: <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> =>
    (registry.getSingleMetric(name) as Gauge<Label> | undefined) ?? new Gauge({ name, help, labelNames, registers: [registry] }),
  /** Seconds, unless `buckets` says otherwise. */
  histogram: <Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: readonly number[] = SECONDS_BUCKETS,
  ): Histogram<Label> =>
    (registry.getSingleMetric(name) as Histogram<Label> | undefined) ??
    new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] }),
  /** Adds memory, CPU and event loop of the process; once is enough. */
  collectProcess: (): void => {
    if (collectsProcess) return;
    collectsProcess = true;
    collectDefaultMetrics({ register: registry });
  },
} as const;
