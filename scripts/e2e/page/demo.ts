import type { ContactJson } from '@keyturn/contracts';
import type { AllInOne } from '../all-in-one.ts';
import { until } from '../until.ts';

/** What there is to see on a line with made-up people. */
export type Demo = {
  readonly cookie: { readonly name: string; readonly value: string };
  /** Somebody whose key changed, with all that belongs to it. */
  readonly changed: string;
  /** Somebody about whom `further` brings something newer. */
  readonly newer: string;
  further(): Promise<void>;
  api<Body>(method: string, path: string, body?: unknown): Promise<Body>;
};

const DAY = 86_400;
const OURS = { riyadh: '100000000000001', cairo: '100000000000002' };
const shown: Readonly<Record<string, string>> = { [OURS.riyadh]: '966112345678', [OURS.cairo]: '20221234567' };
const now = Math.floor(Date.now() / 1000);
let made = 0;
const hashOf = (waId: string, which: number) =>
  Buffer.from(`${waId.slice(-5)}${which}k`)
    .toString('base64')
    .slice(0, 12);

type Value = Record<string, unknown>;
const value = (number: string, more: Value): Value => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: shown[number], phone_number_id: number },
  ...more,
});
const message = (waId: string, name: string, at: number, hash: string | undefined, number = OURS.riyadh): Value =>
  value(number, {
    contacts: [{ profile: { name }, wa_id: waId, ...(hash === undefined ? {} : { identity_key_hash: hash }) }],
    messages: [{ from: waId, id: `wamid.demo.${++made}`, timestamp: String(at), type: 'text', text: { body: 'hello' } }],
  });
const status = (waId: string, at: number, how: string, category: string): Value =>
  value(OURS.riyadh, {
    statuses: [
      {
        ...{ id: `wamid.demo.${++made}`, status: how, timestamp: String(at), recipient_id: waId },
        pricing: { billable: true, pricing_model: 'PMP', category },
      },
    ],
  });
const body = (values: readonly Value[], field = 'messages', time = now) =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '200000000000001', time, changes: values.map((one) => ({ field, value: one })) }],
  });

/** Somebody who wrote for long under one key, was sent to, and writes under another one. */
const changes = (waId: string, name: string, ago: number, number = OURS.riyadh): Value[] => [
  message(waId, name, now - 40 * DAY, hashOf(waId, 1), number),
  message(waId, name, now - ago - 2 * DAY, hashOf(waId, 1), number),
  status(waId, now - ago - 7_000, 'read', 'authentication'),
  status(waId, now - ago - 3_600, 'delivered', 'utility'),
  status(waId, now - ago - 1_800, 'delivered', 'utility'),
  message(waId, name, now - ago, hashOf(waId, 2), number),
];
/** How the platform took to a number of ours. */
const course = [
  [80, 'ONBOARDING', 'TIER_250'],
  [66, 'UPGRADE', 'TIER_1K'],
  [41, 'UPGRADE', 'TIER_10K'],
  [23, 'FLAGGED', 'TIER_10K'],
  [16, 'DOWNGRADE', 'TIER_1K'],
  [9, 'UNFLAGGED', 'TIER_1K'],
  [2, 'FLAGGED', 'TIER_1K'],
] as const;
const storm = Array.from({ length: 36 }, (_, i) => `2010901${String(10_000 + i * 37)}`);

/** How a bank with people in two countries might have it. */
const runbook = {
  version: 0,
  general: null,
  rules: [
    {
      name: 'New phone',
      when: { evidence: ['hash'] },
      text: `Call the number in the core system, not this one. Ask which branch they were at last.
اتصل بالرقم المسجّل في النظام البنكي لا بهذا الرقم، واسأله عن آخر فرع زاره.
https://wiki.bank.example/verify`,
    },
  ],
};

/** Tells a line about made-up people, whom it alerts at `slackUrl`, and signs somebody in. */
export async function demo(keyturn: AllInOne, slackUrl: string): Promise<Demo> {
  const { consoleUrl } = keyturn.run();
  const api: Demo['api'] = async (method, path, said) => {
    const answer = await fetch(consoleUrl + path, {
      method,
      headers: { authorization: `Bearer ${keyturn.secrets().KEYTURN_ADMIN_API_KEY}`, 'content-type': 'application/json' },
      ...(said === undefined ? {} : { body: JSON.stringify(said) }),
    });
    return await answer.json();
  };
  const find = async (waId: string) => (await api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).items[0];
  const idOf = async (waId: string) => (await find(waId))?.contactId ?? '';
  const knows = async (waId: string) => (await find(waId))?.identity.status === 'clear';
  const people: readonly Value[][] = [
    ...[changes('966501234567', 'Ada Lovelace', 840), changes('966512345678', 'سارة العتيبي', 3 * 3_600)],
    ...[changes('201012345678', 'محمد حسن', 95), changes('12025550143', 'Grace Hopper', 2 * DAY)],
    changes('4915112345678', 'Konrad Zuse', 7_300),
    ...storm.map((waId, i) => [
      message(waId, 'Customer', now - 20 * DAY, hashOf(waId, 1), OURS.cairo),
      message(waId, 'Customer', now - 5_000 + i * 20, hashOf(waId, 2), OURS.cairo),
    ]),
  ];
  await api('PUT', '/v1/runbook', runbook);
  await post(
    keyturn,
    people.flatMap(([first]): Value[] => (first === undefined ? [] : [first])),
  );
  await until('everybody is known', async () =>
    (await Promise.all(['966501234567', '966512345678', '4915112345678'].map(knows))).every((known) => known),
  );
  await post(keyturn, [
    ...people.flatMap(([, ...rest]) => rest),
    message('966555000111', 'خالد', now - 3 * DAY, hashOf('966555000111', 1)),
    ...Array.from({ length: 20 }, (_, day) =>
      message('966555000111', 'خالد', now - day * DAY - 600, day % 6 === 3 ? undefined : hashOf('966555000111', 1)),
    ),
  ]);
  await keyturn.post(
    body(
      [{ display_phone_number: shown[OURS.riyadh], decision: 'APPROVED', requested_verified_name: 'Riyadh Sales', rejection_reason: null }],
      'phone_number_name_update',
    ),
  );
  for (const [daysAgo, event, limit] of course) {
    const said = { display_phone_number: shown[OURS.riyadh], event, current_limit: limit };
    await keyturn.post(body([said], 'phone_number_quality_update', now - daysAgo * DAY));
  }
  await until(
    'all of it is known',
    async () => (await api<{ open: number }>('GET', '/v1/identity-changes/counts')).open >= 5 + storm.length,
  );
  await setAlerts(api, slackUrl);
  const [changed, newer] = [await idOf('966501234567'), await idOf('966512345678')];
  let times = 2;
  return {
    ...{ changed, newer, api, cookie: await signIn(keyturn) },
    async further() {
      await post(keyturn, [message('966512345678', 'سارة العتيبي', Math.floor(Date.now() / 1000), hashOf('966512345678', ++times))]);
    },
  };
}

/** A team that is told by Slack, and its lead by mail, which goes nowhere: `example.com` takes none. */
async function setAlerts(api: Demo['api'], slackUrl: string): Promise<void> {
  await api('POST', '/v1/alert-routes', { kind: 'slack', name: 'on-call', url: slackUrl });
  await api('POST', '/v1/alert-routes', { kind: 'email', name: 'team-lead', to: ['lead@example.com'], language: 'ar' });
  await api('POST', '/v1/alert-rules', {
    kind: 'digest',
    name: 'morning',
    routes: ['team-lead'],
    at: '08:00',
    timeZone: 'Asia/Riyadh',
    isOn: false,
  });
  await api('POST', '/v1/alert-rules', {
    ...{ kind: 'identity_changes', name: 'strangers', routes: ['on-call'], waitSeconds: 5 },
    when: { optedInTo: ['marketing', 'utility'], phoneNumberIds: [OURS.riyadh] },
    escalate: [{ afterMinutes: 60, routes: ['team-lead'] }],
  });
  await api('POST', '/v1/alert-rules', { kind: 'numbers', name: 'our-numbers', routes: ['on-call'], waitSeconds: 0 });
  const open = async () =>
    (await api<{ items: { status: string }[] }>('GET', '/v1/alerts')).items.filter(({ status }) => status === 'open');
  await until('both are told', async () => (await open()).length === 2);
}

async function post(keyturn: AllInOne, values: readonly Value[]): Promise<void> {
  const answered = await keyturn.post(body(values));
  if (answered !== 200) throw new Error(`the ingress answered ${answered}`);
}

/** By the link that `npm start` printed. */
async function signIn(keyturn: AllInOne): Promise<Demo['cookie']> {
  const { consoleUrl } = keyturn.run();
  const [, token] = /first-admin#(\S+)/.exec(keyturn.words()) ?? [];
  const answer = await fetch(`${consoleUrl}/auth/first-admin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-keyturn-request': 'page', origin: consoleUrl },
    body: JSON.stringify({ token, name: 'Ada Operator', email: 'ada@example.com', password: 'a sentence that nobody guesses' }),
  });
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(answer.headers.getSetCookie()[0] ?? '') ?? [];
  if (name === undefined || value === undefined) throw new Error(`no session: ${answer.status}`);
  return { name, value };
}
