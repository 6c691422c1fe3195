import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { version } from './version.ts';

const registry = new Registry();
let collectsProcess = false;

/** What a scrape waits for; who can't say in time keeps what was said before. */
const REFRESH_TIMEOUT_MS = 1_500;
type Refresh = () => void | Promise<void>;
const refreshes = new Set<Refresh>();

/** From a millisecond to ten seconds: what a request, a send or a batch takes. */
const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

function aboutThisProcess(): void {
  collectDefaultMetrics({ register: registry });
  const labelNames = ['version', 'node'];
  const build = new Gauge({ name: 'keyturn_build_info', help: 'Always 1; says what runs.', labelNames, registers: [registry] });
  build.set({ version, node: process.versions.node }, 1);
}

async function refreshAll(): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REFRESH_TIMEOUT_MS);
  });
  const all = Promise.allSettled([...refreshes].map(async (refresh) => refresh())); // who fails says so by a gauge that is not there
  await Promise.race([all, late]).finally(() => clearTimeout(timer));
}

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
  /** Adds memory, CPU and event loop of the process, and its version; once is enough. */
  collectProcess: (): void => {
    if (collectsProcess) return;
    collectsProcess = true;
    aboutThisProcess();
  },
  /** Has gauges set before each scrape, so that they are true also while nothing happens; answers how to end that. */
  beforeScrape: (refresh: Refresh): (() => void) => {
    refreshes.add(refresh);
    return () => void refreshes.delete(refresh);
  },
  /** All metrics as of now, in Prometheus' text format. A gauge whose source does not answer within 1.5 s holds nobody up. */
  scrape: async (): Promise<string> => {
    await refreshAll();
    return registry.metrics();
  },
} as const;
