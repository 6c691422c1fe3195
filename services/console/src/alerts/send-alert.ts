import { sayAlert } from '@keyturn/domain';
import type { AlertToDeliver, Sealer, StoredAlertRoute } from '@keyturn/store';
import { pagerDutyBody } from './pagerduty.ts';
import { postAlert } from './post.ts';
import { sendMail } from './send-mail.ts';
import type { AlertSettings } from './settings.ts';
import { slackBody } from './slack.ts';
import { type Ended, linkOf, type Told } from './told.ts';
import { webhookRequest } from './webhook.ts';

/** For what the secret of a route is sealed: for no other one. */
const sealedFor = (name: string): string => `alert route ${name}`;
/** The secret of a route, as it is kept. */
export const sealSecret = (sealer: Sealer, name: string, secret: string): string => sealer.seal(secret, sealedFor(name)).toString('base64');
/** The secret of a route again; null: there is none, or no key opens it. */
export const secretOf = (sealer: Sealer | null, name: string, sealed: string | null): string | null =>
  sealed === null ? null : (sealer?.open(Buffer.from(sealed, 'base64'), sealedFor(name))?.text ?? null);
/** The same secret sealed by the current key; null: it is already, or none opens it. */
export function resealed(sealer: Sealer | null, name: string, sealed: string | null): string | null {
  const opened = sealed === null ? null : (sealer?.open(Buffer.from(sealed, 'base64'), sealedFor(name)) ?? null);
  return sealer === null || opened === null || opened.by === 0 ? null : sealSecret(sealer, name, opened.text);
}

const incomplete: Ended = {
  ...{
    outcome: 'no_secret',
    httpStatus: null,
    answer: 'no key opens the secret of this route: set it anew',
    result: 'refused',
    isUnsure: false,
  },
};

/** Brings a message to a route, once. Never throws. What is said, and to whom, is made here from what was recorded, so a repetition says the same. */
export async function sendAlert(
  settings: AlertSettings,
  { name, route, sealed }: StoredAlertRoute,
  toDeliver: AlertToDeliver,
  at: Date,
): Promise<Ended> {
  const said = sayAlert(toDeliver.message, route.language, toDeliver.repeat && route.kind !== 'pagerduty');
  const told: Told = { ...toDeliver, said, url: linkOf(settings.publicUrl, toDeliver.message), language: route.language };
  const secret = secretOf(settings.sealer, name, sealed);
  switch (route.kind) {
    case 'slack':
      return secret === null ? incomplete : postAlert(settings, { url: secret, body: slackBody(told) });
    case 'pagerduty':
      return secret === null ? incomplete : postAlert(settings, { url: route.url, body: pagerDutyBody(told, secret) });
    case 'webhook':
      return settings.keys.length === 0
        ? incomplete
        : postAlert(settings, { url: route.url, ...webhookRequest(settings.keys, route, told, at) });
    case 'email':
      return sendMail(settings, route.to, told);
    default:
      return route satisfies never;
  }
}
