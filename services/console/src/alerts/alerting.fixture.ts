import type { AlertDeliveryJson, AlertJson, AlertRoute, AlertRouteJson, AlertRule, AlertRuleJson, InboundEvent } from '@keyturn/contracts';
import { keepFromLogs, until } from '@keyturn/testkit';
import {
  type MailServer,
  mailServer,
  type PagerDutyServer,
  pagerDutyServer,
  type SlackServer,
  slackServer,
  type WebhookReceiver,
  webhookReceiver,
} from '@keyturn/testkit/alerts';
import type { z } from 'zod';
import { consoleWorld, message, type World } from '../console.fixture.ts';

const T = Math.floor(Date.UTC(2026, 2, 1) / 1000);
const KEY = 'an-alert-key-for-tests-only';

/** Everything that an alert may go to, on this machine. */
type Receivers = { slack: SlackServer; pagerDuty: PagerDutyServer; mail: MailServer; webhook: WebhookReceiver };
type Answer<Body> = { readonly status: number; readonly body: Body };
/** A console with one route to each of the receivers: `slack`, `pagerduty`, `mail`, `webhook`. */
export type Alerting = World &
  Receivers & {
    rule(rule: z.input<typeof AlertRule>): Promise<Answer<AlertRuleJson>>;
    route(route: z.input<typeof AlertRoute>): Promise<Answer<AlertRouteJson>>;
    routes(): Promise<AlertRouteJson[]>;
    alerts(all?: boolean): Promise<AlertJson[]>;
    deliveries(of: { route?: string; alertId?: string }): Promise<AlertDeliveryJson[]>;
    /** What somebody known by hash A says who then writes with hash B, to P1 unless said otherwise. */
    changed(waId: string, on?: string): InboundEvent[];
    /** Somebody says that. */
    block(waId?: string, on?: string): Promise<{ contactId: string; version: number; keyHash: string }>;
    decide(contactId: string): Promise<void>;
    /** The one alert of a rule that fits. */
    alertOf(rule: string, fits?: (alert: AlertJson) => boolean): Promise<AlertJson>;
    /** What another console needs to tell the same receivers. */
    readonly env: NodeJS.ProcessEnv;
    /** Lets time pass for all that a rule has open. */
    pass(rule: string, minutes: number): Promise<void>;
  };

/** What a console needs to tell these. */
const alertingEnv = ({ slack, pagerDuty, mail, webhook }: Receivers) => ({
  KEYTURN_VERIFICATION_KEY: KEY,
  CONSOLE_PUBLIC_URL: 'https://console.example',
  ALERT_PRIVATE_ORIGINS: [slack.origin, pagerDuty.origin, webhook.origin].join(','),
  ALERT_TIMEOUT_MS: '30000', // longer than a busy machine takes to answer itself
  ALERT_RETRY_FIRST_MS: '50',
  ALERT_RETRY_MAX_MS: '200',
  ALERT_LOOK_MS: '20',
  SMTP_URL: mail.url,
  MAIL_FROM: 'keyturn <keyturn@console.example>',
});

/** Starts all receivers. */
async function startReceivers(): Promise<Receivers & { closeAll(): Promise<void> }> {
  const receivers = {
    slack: await slackServer(),
    pagerDuty: await pagerDutyServer(),
    mail: await mailServer(),
    webhook: await webhookReceiver(),
  };
  for (const secret of [receivers.slack.url, receivers.pagerDuty.routingKey, 'a-mail-password']) keepFromLogs(secret);
  const closeAll = async () => {
    for (const one of [receivers.slack, receivers.pagerDuty, receivers.mail, receivers.webhook]) await one.down();
  };
  return { ...receivers, closeAll };
}

/** Brings it all up; its console has these variables too. */
export async function alertingWorld(more: NodeJS.ProcessEnv = {}): Promise<Alerting> {
  const { closeAll, ...receivers } = await startReceivers();
  const world = await consoleWorld({ ...alertingEnv(receivers), ...more });
  const call = async <Body>(method: string, path: string, body?: unknown) =>
    (await world.call(method, path, body)) as unknown as Answer<Body>;
  const items = async <Item>(path: string) => (await call<{ items: Item[] }>('GET', path)).body.items;
  let number = 4915200000;
  const alerting: Alerting = {
    ...world,
    ...receivers,
    env: alertingEnv(receivers),
    rule: (rule) => call('POST', '/v1/alert-rules', rule),
    route: (route) => call('POST', '/v1/alert-routes', route),
    routes: () => items('/v1/alert-routes'),
    alerts: (all = false) => items(`/v1/alerts?limit=200${all ? '&status=all' : ''}`),
    deliveries: (of) => items(`/v1/alert-deliveries?${new URLSearchParams(of)}`),
    changed: (waId, on = 'P1') => [message({ waId, at: T, hash: 'A=', on }), message({ waId, at: T + 60, hash: 'B=', on })],
    async block(waId = String(number++), on = 'P1') {
      await world.says(...alerting.changed(waId, on));
      const { contactId, identity } = await world.find(waId);
      return { contactId, version: identity.version, keyHash: identity.keyHash as string };
    },
    async decide(contactId) {
      const { identity } = (await world.call('GET', `/v1/contacts/${contactId}`)).body;
      const { keyHash, version } = identity;
      await world.call('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
        ...{ keyHash, version, verdict: 'same_person', reason: 'a test' },
      });
    },
    async alertOf(rule, fits = () => true) {
      const find = async () => (await alerting.alerts(true)).find((alert) => alert.rule === rule && fits(alert));
      await until(`an alert of ${rule} fits`, async () => (await find()) !== undefined);
      return (await find()) as AlertJson;
    },
    async pass(rule, minutes) {
      await world.pool.query(
        `update alert set opened_at = opened_at - $2::interval, paged_at = paged_at - $2::interval, told_at = told_at - $2::interval where rule = $1`,
        [rule, `${minutes} minutes`],
      );
      await world.pool.query('update alert_rule set pulse = null where name = $1', [rule]);
    },
    async stop() {
      await world.stop();
      await closeAll();
    },
  };
  const { slack, pagerDuty, webhook } = receivers;
  await alerting.route({ kind: 'slack', name: 'slack', url: slack.url });
  await alerting.route({ kind: 'pagerduty', name: 'pagerduty', routingKey: pagerDuty.routingKey, url: pagerDuty.url });
  await alerting.route({ kind: 'email', name: 'mail', to: ['on-call@bank.example'] });
  await alerting.route({ kind: 'webhook', name: 'webhook', url: webhook.url });
  webhook.secret = (await call<{ secret: string }>('GET', '/v1/alert-routes/webhook/secret')).body.secret;
  keepFromLogs(webhook.secret);
  return alerting;
}
