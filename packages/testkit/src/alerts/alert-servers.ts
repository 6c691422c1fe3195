export { type LocalServer, localServer } from './local-server.ts';
export { type MailServer, mailServer } from './mail-server.ts';
export { type PagerDutyServer, pagerDutyServer, pagerDutyThrottles } from './pagerduty-server.ts';
export { type SlackServer, slackServer, slackThrottles } from './slack-server.ts';
export { type WebhookReceiver, webhookReceiver } from './webhook-receiver.ts';
