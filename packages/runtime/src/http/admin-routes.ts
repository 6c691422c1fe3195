import { Router } from 'express';
import type { Registry } from 'prom-client';
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

/** `GET /healthz` 200 while the process lives. `GET /readyz` 200 when every service can do its job now, else 503 with the reasons of each.
 *  `GET /metrics` 200 in Prometheus' text format. `services` may grow while it serves; without one it is
 *  not ready. */
export function adminRoutes(options: {
  readonly services: readonly Pick<Service, 'name' | 'notReady'>[];
  readonly registry: Registry;
}): Router {
  const { services, registry } = options;
  metrics.collectProcess();
  return Router()
    .get('/healthz', (_req, res) => void res.json({ alive: true }))
    .get('/readyz', async (_req, res) => {
      const answers = await Promise.all(services.map(async (service) => [service.name, await reasonsOf(service)] as const));
      const ready = answers.length > 0 && answers.every(([, reasons]) => reasons.length === 0);
      res.status(ready ? 200 : 503).json({ ready, notReady: Object.fromEntries(answers.filter(([, reasons]) => reasons.length > 0)) });
    })
    .get('/metrics', async (_req, res) => {
      res.type(registry.contentType).send(await registry.metrics());
    });
}
