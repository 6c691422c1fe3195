import type { Told } from './told.ts';

const ACTIONS = { taken: 'acknowledge', resolved: 'resolve' } as const;
const SUMMARY_MAX = 1024;

/** An event of PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/send-alert-event, read 2026-11). The alert is the incident, by its `dedup_key`: however
 *  often it comes, there is one. */
export function pagerDutyBody({ said, url, message, alertId, deliveryId }: Told, routingKey: string): string {
  const action = message.message === 'taken' || message.message === 'resolved' ? ACTIONS[message.message] : 'trigger';
  const event = { routing_key: routingKey, event_action: action, dedup_key: `keyturn:${alertId ?? deliveryId}` };
  if (action !== 'trigger') return JSON.stringify(event);
  return JSON.stringify({
    ...event,
    payload: {
      summary: said.title.slice(0, SUMMARY_MAX),
      source: 'keyturn',
      severity: message.severity,
      timestamp: message.at,
      component: message.facts.subject ?? undefined,
      group: message.rule ?? undefined,
      class: message.facts.what,
      custom_details: Object.fromEntries(said.lines),
    },
    client: 'keyturn',
    client_url: url,
    links: [{ href: url, text: said.action }],
  });
}
