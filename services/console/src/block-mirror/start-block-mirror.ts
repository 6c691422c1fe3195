import { setTimeout as pause } from 'node:timers/promises';
import { connectGraph, type Graph, type Log } from '@keyturn/runtime';
import type { Database } from '@keyturn/store';
import type { Config } from '../config.ts';
import { mirrorOnce } from './mirror-once.ts';

const PAUSE_MS = 2_000;
type BlockMirror = { stop(): Promise<void> };
type World = { readonly pool: Database['pool']; readonly log: Log; readonly now: () => Date };

/** The mirror as the configuration asks for it; undefined: it does not. */
export function blockMirrorOf(config: Config, world: World): BlockMirror | undefined {
  const { BUSINESS_BLOCK_MIRROR: asked, WHATSAPP_ACCESS_TOKEN: accessToken, WHATSAPP_APP_SECRET: [appSecret] = [] } = config;
  if (!asked || accessToken === undefined) return undefined;
  const graph = connectGraph({
    ...{ name: 'graph-block-mirror', url: config.WHATSAPP_GRAPH_URL, version: config.WHATSAPP_GRAPH_VERSION, accessToken },
    ...(appSecret === undefined ? {} : { appSecret }),
  });
  return startBlockMirror({ ...world, graph });
}

/** Carries blocks by choice over to the platform, a few contacts at a time, until stopped. Several processes share the work. What fails is tried again. */
function startBlockMirror({ pool, graph, log, now }: World & { readonly graph: Graph }): BlockMirror {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const carried = await mirrorOnce(pool, graph, now).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'blocks by choice wait to be carried over to the platform');
        return 0;
      });
      if (carried === 0) await pause(PAUSE_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  const ended = run();
  return {
    async stop() {
      stopping.abort();
      await graph.close(); // what is under way is not answered, and comes again
      await ended;
    },
  };
}
