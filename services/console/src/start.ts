import { createApp, createLog, listen, type Start } from '@keyturn/runtime';
import { databaseReasons, lookAtDatabase, openDatabase, sealerOf } from '@keyturn/store';
import { v7 } from 'uuid';
import { openAccess } from './access/open-access.ts';
import { accessSettings } from './access/settings.ts';
import { openAlerts } from './alerts/open-alerts.ts';
import { showRoutes } from './alerts/show-routes.ts';
import { api } from './api.ts';
import { blockMirrorOf } from './block-mirror/start-block-mirror.ts';
import { startBulk } from './bulk/start-bulk.ts';
import { loadConfig } from './config.ts';
import { pageRoute } from './page/page.route.ts';
import { readPage } from './page/read-page.ts';
import { startQueue } from './queue/start-queue.ts';
import { showBacklog } from './show-backlog.ts';
import { showChecks } from './show-checks.ts';
import { watchChanges } from './stream/watch-changes.ts';
import { startDispatch } from './verification/dispatch.ts';
import { verificationSettings } from './verification/settings.ts';
import { showWaiting } from './verification/show-waiting.ts';

/** Serves the API on `CONSOLE_PORT`, from the database alone: it needs no Kafka, so decisions go on while that is away. Asks the business to verify whom its rules
 *  name, and carries blocks by choice over to the platform where it is told to. Throws `config.invalid`. */
export const start: Start = async (env) => {
  const config = loadConfig(env);
  const access = accessSettings(config);
  const log = createLog('console');
  const database = openDatabase(config, 'console');
  const { pool } = database;
  await lookAtDatabase(database, config).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const now = () => new Date();
  const verification = verificationSettings(config);
  let publicUrl = config.CONSOLE_PUBLIC_URL ?? '';
  const pageUrl = () => publicUrl;
  const opened = openAccess({ database, access, config, now, log });
  const tokens = sealerOf(config.KEYTURN_TOKEN_KEY);
  const changes = watchChanges({ pool, now, onFault: (error) => log.warn({ err: error }, 'the streams have nothing new to tell') });
  const alerting = openAlerts(config, { pool, log, now, pageUrl });
  const { alerts, sendTest } = alerting;
  const { allow, stillMay, oidc } = opened;
  const deps = { pool, allow, stillMay, oidc, log, access, pageUrl, now, newId: v7, verification, tokens, changes, alerts, sendTest };
  const app = createApp({ log, routes: [api(deps), pageRoute(readPage())] });
  const server = await listen(app, { port: config.CONSOLE_PORT, variable: 'CONSOLE_PORT' }).catch(async (error: unknown) => {
    await opened.stop();
    await database.close();
    throw error;
  });
  publicUrl = (config.CONSOLE_PUBLIC_URL ?? server.url).replace(/\/+$/, '');
  const settings = verification === null ? null : { ...verification, publicUrl };
  const dispatch = startDispatch({ pool, settings, now, newId: v7, log });
  const told = alerting.start();
  const hide = [showBacklog(pool), showChecks(pool), showWaiting(pool), showRoutes(pool)];
  const queue = startQueue({ pool, log });
  const bulk = startBulk({ pool, now, newId: v7, log });
  const mirror = blockMirrorOf(config, { pool, log, now });
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>();
  return {
    name: 'console',
    url: server.url,
    stopped,
    notReady: () => databaseReasons(database),
    async stop() {
      for (const one of hide) one();
      changes.stop();
      await server.close();
      for (const one of [dispatch, queue, bulk, told, mirror, opened]) await one?.stop();
      await database.close();
      resolve(undefined);
    },
  };
};
