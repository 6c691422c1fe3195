import { ConsentCategory } from '@keyturn/contracts';
import { digitsOf, type GatePolicy, type Send } from '@keyturn/domain';
import { z } from 'zod';
import { anotherCallBy } from './another-call.ts';
import type { OwnSide } from './own-side.ts';

/** What a body that is sent to a number of ours comes to: a message to judge; a read receipt or a typing indicator, which say nothing to anybody new; or
 *  nothing that the platform would take, and why. */
export type ReadMessage =
  | { readonly kind: 'send'; readonly send: Send; readonly template: string | null; readonly body: Record<string, unknown> }
  | { readonly kind: 'receipt'; readonly body: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly details: string };

const text = z.string().min(1).max(512).optional();
/** What of a message the gate judges (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026). */
const Message = z.looseObject({
  recipient_type: z.enum(['individual', 'group']).optional(),
  to: z.union([z.string().min(1).max(512), z.number().int().nonnegative().transform(String)]).optional(),
  recipient: text,
  recipient_identity_key_hash: z.string().min(1).max(256).optional(),
  type: z.string().optional(),
  template: z.looseObject({ name: text }).optional(),
  status: z.unknown().optional(),
});

/** What a sender may say of a template. */
const TemplateCategory = ConsentCategory.exclude(['service']);

type Around = {
  readonly phoneNumberId: string;
  /** The last part of the path. */
  readonly door: 'messages' | 'marketing_messages';
  /** What the platform told of templates, by name; absent: it can't be read. */
  readonly known: OwnSide['templates'] | undefined;
  /** `X-Keyturn-Category`, of a template of which nobody else says it. */
  readonly named: string | undefined;
  readonly policy: GatePolicy;
};

/** Reads what is to be sent. What stands in the body twice is what `JSON.parse` made of it, and that is what goes on. */
export function readMessage(json: unknown, around: Around): ReadMessage {
  const parsed = Message.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { kind: 'refused', details: `${issue?.path.join('.') || 'the body'}: ${issue?.message}` };
  }
  const { to, recipient, recipient_type, recipient_identity_key_hash, status } = parsed.data;
  const body = json as Record<string, unknown>;
  const turning = anotherCallBy(Object.keys(body));
  if (turning !== undefined) return { kind: 'refused', details: `${turning}: makes another call of this one. Leave it out.` };
  if (status === 'read' && to === undefined && recipient === undefined && body.type === undefined) return { kind: 'receipt', body };
  if (to === undefined && recipient === undefined) return { kind: 'refused', details: 'The parameter to is required.' };
  const group = recipient_type === 'group';
  if (to !== undefined && !group && digitsOf(to) === null) return { kind: 'refused', details: 'to: is no number.' };
  const category = categoryOf(parsed.data, around);
  if (category === 'invalid') return { kind: 'refused', details: 'X-Keyturn-Category: is one of marketing, utility, authentication.' };
  const send: Send = {
    ...{ phoneNumberId: around.phoneNumberId, to: to ?? null, recipient: recipient ?? null, group, category },
    identityKeyHash: recipient_identity_key_hash ?? null,
  };
  return { kind: 'send', send, template: (parsed.data.type === 'template' && parsed.data.template?.name) || null, body };
}

/** Everything but a template is free-form. What the policy says of a template outranks what the platform said, and that what a sender says. */
function categoryOf({ type, template }: z.infer<typeof Message>, { door, named, known, policy }: Around): Send['category'] | 'invalid' {
  if (type !== 'template') return 'service';
  if (door === 'marketing_messages') return 'marketing';
  const name = template?.name;
  if (name !== undefined && Object.hasOwn(policy.templates, name)) return policy.templates[name] ?? null;
  const told = name === undefined ? undefined : known?.get(name);
  if (told !== undefined) return told;
  if (named === undefined || known === undefined) return null; // what a sender says counts where the platform is known to have said nothing
  const category = TemplateCategory.safeParse(named);
  return category.success ? category.data : 'invalid';
}
