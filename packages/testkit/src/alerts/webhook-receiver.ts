import type { AlertSent } from '@keyturn/contracts';
import { Webhook } from 'standardwebhooks';
import { type LocalServer, localServer } from './local-server.ts';

/** A message as a receiver got it. `verified`: its signature is good by the secret, as a public library of Standard Webhooks says. */
type ReceivedAlert = { readonly webhookId: string; readonly sent: AlertSent; readonly verified: boolean };
export type WebhookReceiver = LocalServer & {
  readonly url: string;
  /** What its signatures are checked by. */
  secret: string;
  readonly alerts: () => readonly ReceivedAlert[];
};

/** Whoever takes alerts by Standard Webhooks. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const server = await localServer(() => ({ status: 204, body: '' }));
  const receiver: WebhookReceiver = Object.assign(server, {
    url: `${server.origin}/alerts`,
    secret: '',
    alerts: () =>
      server.got.map(({ headers, body }) => ({
        webhookId: String(headers['webhook-id']),
        sent: JSON.parse(body) as AlertSent,
        verified: isSigned(receiver.secret, body, headers as Record<string, string>),
      })),
  });
  return receiver;
}

function isSigned(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
