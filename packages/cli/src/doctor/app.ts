import { z } from 'zod';
import { type Doors, type Finding, good, outcomeOf, unreadable } from './finding.ts';

const OBJECT = 'whatsapp_business_account';
const Subscriptions = z.looseObject({
  data: z.array(
    z.looseObject({
      object: z.string(),
      callback_url: z.string().optional(),
      active: z.boolean().optional(),
      fields: z.array(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)])).catch([]),
    }),
  ),
});

/** What keyturn acts on, and why each. */
const FIELDS: Readonly<Record<string, string>> = {
  messages: 'messages, statuses and notices: without it nothing is known of anybody',
  user_preferences: 'stops, resumptions and sign-ups',
  account_update: 'restrictions, bans, and that a number of ours was registered elsewhere',
  phone_number_quality_update: 'quality and messaging limit',
  phone_number_name_update: 'decisions about names',
  message_template_status_update: 'templates that are paused or disabled',
  template_category_update: 'templates that will need another consent',
};

/** Where the app's webhooks go, as far as it could be read; null: it could not. */
export type App = { readonly callbackUrl: string | null; readonly findings: readonly Finding[] };

/** Looks at the app: which fields it is subscribed to. That can be asked by the app itself alone. */
export async function lookAtApp({ asApp, verifyToken }: Doors, appId: string | null): Promise<App> {
  const mode: Finding = {
    ...{ about: 'app', check: 'mode', state: 'unreadable' },
    found: "can't be read: the platform shows it in the app dashboard alone",
    why: 'An app in development mode does not get all webhooks. Look that it is live.',
  };
  if (asApp === null || appId === null) {
    const found = "can't be read without the app itself: set WHATSAPP_APP_SECRET";
    const why = `Fields that are not subscribed to bring nothing: ${Object.keys(FIELDS).join(', ')}.`;
    return { callbackUrl: null, findings: [{ about: 'app', check: 'subscribed fields', state: 'unreadable', found, why }, mode] };
  }
  const answer = await asApp.get(`${appId}/subscriptions`);
  if (answer.kind === 'refused') {
    const why = 'Fields that are not subscribed to bring nothing.';
    return { callbackUrl: null, findings: [unreadable('app', 'subscribed fields', answer.refusal, why), mode] };
  }
  const found = Subscriptions.safeParse(answer.body).data?.data.find(({ object }) => object === OBJECT);
  const callbackUrl = found?.callback_url ?? null;
  const missing = Object.keys(FIELDS).filter((field) => !found?.fields.includes(field));
  if (callbackUrl === null) {
    const why = 'No webhook comes at all. Register https://<your host>/webhook in the app dashboard, with your verify token.';
    return { callbackUrl, findings: [{ about: 'app', check: 'webhook', state: 'bad', found: 'there is none', why }, mode] };
  }
  if (missing.length === 0) return { callbackUrl, findings: [good('app', 'subscribed fields', Object.keys(FIELDS).join(', ')), mode] };
  const finding: Finding = {
    ...{ about: 'app', check: 'subscribed fields', state: 'bad', found: `not subscribed to ${missing.join(', ')}` },
    why: missing.map((field) => `${field}: ${FIELDS[field]}`).join('; '),
  };
  if (verifyToken === null)
    return { callbackUrl, findings: [{ ...finding, why: `${finding.why}. For --fix set WHATSAPP_VERIFY_TOKEN` }, mode] };
  const body = { object: OBJECT, callback_url: callbackUrl, verify_token: verifyToken, include_values: 'true' };
  const fix = {
    says: `subscribe the app to ${missing.join(', ')} too, at ${callbackUrl}, which the platform verifies anew`,
    run: async () => outcomeOf(await asApp.post(`${appId}/subscriptions`, { ...body, fields: missing.join(',') }, { repeatable: true })),
  };
  return { callbackUrl, findings: [{ ...finding, fix }, mode] };
}
