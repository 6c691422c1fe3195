import { AppError } from '@keyturn/contracts';
import { capsAnything } from '@keyturn/domain';
import { breaker, createApp, createLog, listen, type Start } from '@keyturn/runtime';
import { authenticator, databaseReasons, lookAtDatabase, openDatabase, STATEMENT_TIMEOUT_MS, sealerOf } from '@keyturn/store';
import { afterSend } from './after-send.ts';
import { loadConfig } from './config.ts';
import { countSends } from './count-sends.ts';
import { decisionsRoute } from './decisions.route.ts';
import { heldTokens } from './held-tokens.ts';
import { journalIn } from './journal.ts';
import { judgeWith } from './judge.ts';
import { lookWith } from './look.ts';
import { messagesRoutes } from './messages.route.ts';
import { ownSideOf } from './own-side.ts';
import { platformAt, unreached } from './platform.ts';

/** Each statement of the gate finds rows by key, so one plan is good for all parameters; to plan the one that reads the state takes longer than
 *  to run it, and by itself PostgreSQL would plan it anew while few are asked about. */
const SESSION = { plan_cache_mode: 'force_generic_plan' };
/** By then PostgreSQL has said that a statement took too long, or is not there any more. */
const SILENT_MS = 5_000;

/** Answers on `GATE_PORT` whether a message may be sent, and sends it for whoever asks so. It needs the database alone; while that is away every send is
 *  denied. Throws `config.invalid`. */
export const start: Start = async (env) => {
  const config = loadConfig(env);
  const log = createLog('gate');
  const database = openDatabase(config, 'gate', SESSION, STATEMENT_TIMEOUT_MS + SILENT_MS);
  const { pool } = database;
  await lookAtDatabase(database, config).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const now = () => new Date();
  const { policy, GATE_STATE_AGE_MAX_MS: ageMaxMs, GATE_OTHER_PATHS: otherPaths } = config;
  const ownSide = ownSideOf(pool, now);
  const look = lookWith({ pool, now, counts: capsAnything(policy), log });
  const authenticate = authenticator({ check: (key) => look.check(key).catch(unavailable) });
  const judge = judgeWith({ look, ownSide, policy, ageMaxMs, now, log });
  const heldToken = heldTokens({ pool, sealer: sealerOf(config.KEYTURN_TOKEN_KEY), log });
  const platform = platformAt(config.GATE_GRAPH_URL, config.GATE_GRAPH_CONNECTIONS_MAX);
  const open = breaker(platform.open, { name: 'platform', whenOpen: failing });
  const counting = countSends({ pool, log });
  const after = afterSend({ database, keptDays: config.GATE_KEPT_DAYS, now, log });
  const journal = journalIn({ pool, allowsKept: config.GATE_ALLOWS_KEPT, now, log });
  const { decided } = journal;
  const app = createApp({
    log,
    routes: [
      decisionsRoute({ authenticate, judge, decided }),
      ...messagesRoutes({ authenticate, heldToken, judge, count: counting.count, open, ownSide, policy, otherPaths, after, decided, log }),
    ],
  });
  const stopParts = async () => {
    open.stop();
    await Promise.all([after.stop(), journal.stop()]); // first, for what the platform is still answering is remembered too
    platform.stop();
    counting.stop();
    await database.close();
  };
  const server = await listen(app, { port: config.GATE_PORT, variable: 'GATE_PORT' }).catch(async (error: unknown) => {
    await stopParts();
    throw error;
  });
  const { promise: stopped, resolve } = Promise.withResolvers<undefined>();
  return {
    name: 'gate',
    url: server.url,
    stopped,
    notReady: () => databaseReasons(database),
    async stop() {
      await server.close();
      await stopParts();
      resolve(undefined);
    },
  };
};

const failing = () => unreached('The platform could not be reached several times in a row; it is tried again in seconds.');

/** Whoever can't be known is let in nowhere. */
function unavailable(cause: unknown): never {
  throw new AppError('store.unavailable', 'The database does not answer at the moment, and nothing was sent. Send it again.', { cause });
}
