import { addChange, bodyOnly } from './change.ts';
import { type ItemReader, isFull, type Step } from './items.ts';
import type { Webhook } from './normalized.ts';
import { type Json, listOf, objectOf } from './payload/json.ts';
import { isoOf } from './payload/times.ts';
import { unrecognized } from './unrecognized.ts';

const PRODUCT = 'whatsapp_business_account';
const BYTE_ORDER_MARK = '\u{feff}';

/** When the body came, and what names it: its SHA-256, hex. `now`: where it is read again later; no time of an item can lie beyond. */
export type Context = { readonly webhookId: string; readonly receivedAt: Date; readonly now?: Date };

/** The steps that read a body, in its order, at least one: whoever takes them all has every item, whoever pauses between two starves nobody. None
 *  throws. */
export function plan(body: Buffer, { webhookId, receivedAt, now = receivedAt }: Context): readonly Step[] {
  const webhook: Webhook = { webhookId, receivedAt: isoOf(receivedAt.getTime()), nowMs: now.getTime() };
  const parsed = parse(body);
  if (!parsed) return kept(webhook, 'not_json');
  const root = objectOf(parsed.value);
  if (!root || (root.object ?? PRODUCT) !== PRODUCT || listOf(root.entry).length === 0) return kept(webhook, 'not_a_webhook', parsed.value);
  const steps: Step[] = [];
  addEntries(steps, webhook, root);
  return isFull(steps) ? kept(webhook, 'too_many_items', parsed.value) : steps;
}

/** One step that keeps the body as it is. */
const kept = (webhook: Webhook, reason: string, value?: unknown): readonly Step[] => [
  { change: bodyOnly(webhook), value: {}, path: '', read: (change) => [unrecognized(change, reason, '', value)] },
];

function addEntries(steps: Step[], webhook: Webhook, root: Json): void {
  const entries = listOf(root.entry);
  for (let e = 0; e < entries.length && !isFull(steps); e += 1) {
    const path = Array.isArray(root.entry) ? `/entry/${e}` : '/entry';
    const entry = objectOf(entries[e]);
    const changes = listOf(entry?.changes);
    if (!entry || changes.length === 0) {
      steps.push({ change: bodyOnly(webhook), value: {}, path, read: noChanges(entries[e]) });
      continue;
    }
    for (let c = 0; c < changes.length && !isFull(steps); c += 1) {
      addChange(steps, { webhook, root, entry }, changes[c], Array.isArray(entry.changes) ? `${path}/changes/${c}` : `${path}/changes`);
    }
  }
}

const noChanges =
  (entry: unknown): ItemReader =>
  (change, _json, path) => [unrecognized(change, 'no_changes', path, entry)];

/** Bytes that are no UTF-8 become U+FFFD, so that one of them in one message does not take the others along. */
function parse(body: Buffer): { readonly value: unknown } | undefined {
  const text = body.toString('utf8');
  try {
    return { value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch {
    return undefined;
  }
}
