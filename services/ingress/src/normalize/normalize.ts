import { listOf, objectOf, type Placed, placedOf } from '../payload/json.ts';
import { changeEvents } from './change.ts';
import type { Normalized, Webhook } from './normalized.ts';
import { unrecognized } from './unrecognized.ts';

const PRODUCT = 'whatsapp_business_account';
/** Twenty times what the platform announces for one body (1,000), so that no body can become more events than memory holds. */
const ITEMS_MAX = 20_000;
const BYTE_ORDER_MARK = '\u{feff}';

/** Every item of a webhook body becomes at least one event, in the order of the body. Total: any bytes at all give at least one event, none
 *  throws, and one bad item never takes its neighbours along. `webhookId`: SHA-256 of the body, hex. */
export function normalize(body: Buffer, context: { readonly webhookId: string; readonly receivedAt: Date }): readonly Normalized[] {
  const receivedMs = context.receivedAt.getTime();
  const webhook: Webhook = { webhookId: context.webhookId, receivedAt: context.receivedAt.toISOString(), receivedMs };
  const parsed = parse(body);
  if (!parsed) return [unrecognized({ webhook }, 'not_json', '')];
  const root = objectOf(parsed.value);
  const product = root?.object ?? PRODUCT;
  if (!root || product !== PRODUCT) return [unrecognized({ webhook }, 'not_a_webhook', '', parsed.value)];
  const entries = placedOf(root.entry, '/entry');
  if (entries.length === 0) return [unrecognized({ webhook }, 'not_a_webhook', '', parsed.value)];
  if (countItems(entries) > ITEMS_MAX) return [unrecognized({ webhook }, 'too_many_items', '', parsed.value)];
  return entries.flatMap((placed) => entryEvents(webhook, root, placed));
}

function entryEvents(webhook: Webhook, root: Readonly<Record<string, unknown>>, placed: Placed): readonly Normalized[] {
  const entry = objectOf(placed.value);
  const changes = placedOf(entry?.changes, `${placed.path}/changes`);
  if (!entry || changes.length === 0) return [unrecognized({ webhook }, 'no_changes', placed.path, placed.value)];
  return changes.flatMap((change) => changeEvents({ webhook, root, entry }, change));
}

function countItems(entries: readonly Placed[]): number {
  let items = entries.length;
  for (const entry of entries) {
    for (const change of listOf(objectOf(entry.value)?.changes)) {
      const value = objectOf(objectOf(change)?.value);
      items += 1 + [value?.messages, value?.statuses, value?.user_actions].reduce<number>((sum, list) => sum + listOf(list).length, 0);
    }
  }
  return items;
}

/** Bytes that are no UTF-8 become U+FFFD, so that one of them in one message does not take the others along. */
function parse(body: Buffer): { readonly value: unknown } | undefined {
  const text = body.toString('utf8');
  try {
    return { value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch {
    return undefined;
  }
}
