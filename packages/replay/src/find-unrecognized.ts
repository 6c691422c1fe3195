import { AccountEvent, account, headers } from '@keyturn/contracts';
import { readSpans } from '@keyturn/runtime';
import { isWithin, type Selection } from './selection.ts';
import { spansOf } from './spans-of.ts';
import type { World } from './world.ts';

/** Where, in which webhooks that came in within these times, something stood that nobody knew then, as `webhook.unrecognized` says. Throws
 *  `kafka.unavailable`. */
export async function findUnrecognized(world: World, replayId: string, selection: Selection): Promise<Map<string, string[]>> {
  const { kafka, prefix } = world;
  const found = new Map<string, string[]>();
  const spans = await spansOf(world, account, selection);
  await readSpans({ kafka, prefix, topic: account, group: `replay-${replayId}`, spans }, async ({ records }) => {
    for (const { headers: said, value } of records) {
      if (said[headers.eventType] !== 'webhook.unrecognized') continue;
      const { data: event } = AccountEvent.safeParse(parsed(value));
      if (event === undefined || !isWithin(selection, new Date(event.receivedAt))) continue;
      const { webhookId, path } = event.source;
      const paths = found.get(webhookId) ?? [];
      paths.push(path);
      found.set(webhookId, paths);
    }
  });
  return found;
}

function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    return undefined;
  }
}
