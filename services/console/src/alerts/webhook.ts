import type { AlertRoute, AlertSent } from '@keyturn/contracts';
import { signedHeaders, webhookSecret } from '@keyturn/runtime';
import type { Told } from './told.ts';

type WebhookRoute = Extract<AlertRoute, { kind: 'webhook' }>;
/** The secret of a webhook route, made from the master key, so that it is kept nowhere. */
export const alertSecret = (key: string, { name, secretVersion }: Pick<WebhookRoute, 'name' | 'secretVersion'>): string =>
  webhookSecret(key, `alert ${name}`, secretVersion);

/** By every key that counts, the newest secret and the one before: while one is changed, whoever has either takes it. */
const secretsOf = (keys: readonly string[], { name, secretVersion }: WebhookRoute): string[] =>
  keys.flatMap((key) =>
    [secretVersion, secretVersion - 1]
      .filter((version) => version > 0)
      .map((version) => alertSecret(key, { name, secretVersion: version })),
  );

/** A message as Standard Webhooks has it, signed; a repetition has the same `webhook-id`, and says that it is one. */
export function webhookRequest(
  keys: readonly string[],
  route: WebhookRoute,
  { message, deliveryId, url, repeat }: Told,
  at: Date,
): { readonly body: string; readonly headers: Record<string, string> } {
  const sent: AlertSent = { type: `alert.${message.message}`, timestamp: message.at, data: { ...message, url, repeat } };
  const body = JSON.stringify(sent);
  return { body, headers: signedHeaders(secretsOf(keys, route), { id: deliveryId, at, body }) };
}
