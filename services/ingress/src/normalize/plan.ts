import { type Json, listOf, objectOf, placedOf } from '../payload/json.ts';
import { changeSteps, type Step } from './change.ts';
import type { Webhook } from './normalized.ts';
import { unrecognized } from './unrecognized.ts';

const PRODUCT = 'whatsapp_business_account';
/** Twenty times what the platform announces for one body (1,000), so that no body can become more events than memory holds. */
const STEPS_MAX = 20_000;
const BYTE_ORDER_MARK = '\u{feff}';

/** The steps that read a body, in its order, at least one: whoever takes them all has every item, whoever pauses between two starves nobody. None
 *  throws. */
export function plan(body: Buffer, context: { readonly webhookId: string; readonly receivedAt: Date }): readonly Step[] {
  const { webhookId, receivedAt } = context;
  const webhook: Webhook = { webhookId, receivedAt: receivedAt.toISOString(), receivedMs: receivedAt.getTime() };
  const parsed = parse(body);
  const kept = (reason: string): readonly Step[] => [() => [unrecognized({ webhook }, reason, '', parsed?.value)]];
  if (!parsed) return kept('not_json');
  const root = objectOf(parsed.value);
  if (!root || (root.object ?? PRODUCT) !== PRODUCT || listOf(root.entry).length === 0) return kept('not_a_webhook');
  const steps: Step[] = [];
  for (const step of bodySteps(webhook, root)) {
    if (steps.length === STEPS_MAX) return kept('too_many_items');
    steps.push(step);
  }
  return steps;
}

function* bodySteps(webhook: Webhook, root: Json): Generator<Step> {
  for (const placed of placedOf(root.entry, '/entry')) {
    const entry = objectOf(placed.value);
    if (!entry || listOf(entry.changes).length === 0) yield () => [unrecognized({ webhook }, 'no_changes', placed.path, placed.value)];
    else for (const change of placedOf(entry.changes, `${placed.path}/changes`)) yield* changeSteps({ webhook, root, entry }, change);
  }
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
