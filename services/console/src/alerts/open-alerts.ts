import type { Log } from '@keyturn/runtime';
import type { Database } from '@keyturn/store';
import { v7 } from 'uuid';
import type { Config } from '../config.ts';
import type { Deps } from '../routes/deps.ts';
import { type AlertSettings, alertSettings } from './settings.ts';
import { sendTestAlert, startAlerts } from './start-alerts.ts';

type Opening = { readonly pool: Database['pool']; readonly log: Log; readonly now: () => Date; readonly pageUrl: () => string };

/** What the routes need of alerts, and how to start looking and telling once the console listens. */
export function openAlerts(
  config: Config,
  { pool, log, now, pageUrl }: Opening,
): Pick<Deps, 'alerts' | 'sendTest'> & {
  start(): ReturnType<typeof startAlerts>;
} {
  const settings: AlertSettings = {
    ...alertSettings(config),
    get publicUrl() {
      return pageUrl();
    },
  };
  const options = { pool, settings, now, newId: v7, log };
  return {
    alerts: settings,
    sendTest: (route, message) => sendTestAlert(options, route, message),
    start: () => startAlerts(options),
  };
}
