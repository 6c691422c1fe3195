import { hash } from 'node:crypto';
import { inbound, webhooks } from '@keyturn/contracts';
import type { Findings } from './findings.ts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import { readTopic } from './read-topic.ts';

/** Every body that was answered 200 is kept, byte for byte, with all its events; nothing is there that nobody sent. `strangers`: keys of records
 *  that the run itself put on the topic. */
export async function checkKept(line: Line, { bodies }: Ledger, strangers: ReadonlySet<string>, { add }: Findings): Promise<void> {
  const kept = new Set<string>();
  for (const { key, value } of await readTopic(line, webhooks.name)) {
    kept.add(key);
    if (hash('sha256', value, 'hex') !== key) add('lost', `the body ${key} is not the one that was sent`);
    if (!bodies.has(key)) add('invented', `nobody sent the body ${key}`);
  }
  const events = new Set<string>();
  const sent = new Set([...bodies.values()].flatMap(({ eventIds }) => eventIds));
  for (const { key, value } of await readTopic(line, inbound.name)) {
    if (strangers.has(key)) continue;
    const { id } = JSON.parse(String(value)) as { id: string };
    events.add(id);
    if (!sent.has(id)) add('invented', `nobody sent the event ${id}`);
  }
  for (const [webhookId, { answered, eventIds }] of bodies) {
    if (answered === 0) continue;
    if (!kept.has(webhookId)) add('lost', `the body ${webhookId} was answered 200 and is not kept`);
    for (const id of eventIds) if (!events.has(id)) add('lost', `event ${id} was answered 200 and is not on the topic`);
  }
}
