import { Router } from 'express';
import { metrics } from '../metrics.ts';
import type { Service } from '../service.ts';

const ANSWER_TIMEOUT_MS = 2_000;

/** Its reasons, or why there is no answer: a service that can't say is not ready. */
async function reasonsOf(service: Pick<Service, 'notReady'>): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(() => resolve(['did not say in time whether it is ready']), ANSWER_TIMEOUT_MS);
  });
  const asked = service.notReady().catch(() => ['could not say whether it is ready']);
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

const isReady = metrics.gauge('keyturn_service_ready', '1: can do its own job now, as /readyz says.', ['service']);

/** `GET /healthz` 200 while the process lives. `GET /readyz` 200 when every service can do its job now, else 503 with the reasons of each.
 *  `GET /metrics` 200 in Prometheus' text format. `services` may grow while it serves; without one it is
 *  not ready. */
export function adminRoutes({ services }: { readonly services: readonly Pick<Service, 'name' | 'notReady'>[] }): Router {
  metrics.collectProcess();
  const ask = () => Promise.all(services.map(async (service) => [service.name, await reasonsOf(service)] as const));
  return Router()
    .get('/healthz', (_req, res) => void res.json({ alive: true }))
    .get('/readyz', async (_req, res) => {
      const answers = await ask();
      const ready = answers.length > 0 && answers.every(([, reasons]) => reasons.length === 0);
      res.status(ready ? 200 : 503).json({ ready, notReady: Object.fromEntries(answers.filter(([, reasons]) => reasons.length > 0)) });
    })
    .get('/metrics', async (_req, res) => {
      isReady.reset();
      for (const [service, reasons] of await ask()) isReady.set({ service }, reasons.length === 0 ? 1 : 0);
      res.type(metrics.registry.contentType).send(await metrics.scrape());
    });
}
