import type { Locator, Page } from 'playwright-core';
import type { Line } from '../line.ts';

/** Something that the page offers to do: where, by what, and the route of the policy that it calls. */
export type Offer = {
  readonly route: string;
  readonly at: string;
  /** Stands there once all of the screen is. */
  readonly whenThere: string;
  readonly by: (page: Page) => Locator;
};

const button = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true });
const part = (selector: string) => (page: Page) => page.locator(selector);

/** All that somebody may not be allowed to do, with somebody blocked and `trouble` to do it on. */
export const offersOn = (contactId: string): readonly Offer[] => {
  const [queue, change, contact] = [
    { at: '/?signal=hash', whenThere: '.changes .row' },
    { at: `/changes/${contactId}`, whenThere: '.timeline-entry' },
    { at: `/contacts/${contactId}`, whenThere: '.timeline-entry' },
  ];
  const [alerts, health, settings] = [
    { at: '/alerts', whenThere: '.alerts .member' },
    { at: '/health', whenThere: '.health .card' },
    { at: '/settings', whenThere: '.settings .member' },
  ];
  const [alerting, rule, route] = [
    { at: '/settings/alerts', whenThere: '.settings .list .member' },
    { at: '/settings/rules/idle', whenThere: '.settings .back' },
    { at: '/settings/routes/desk', whenThere: '.settings .back' },
  ];
  return [
    { route: 'POST /v1/contacts/{contactId}/identity/acknowledgements', ...change, by: part('form.decide') },
    { route: 'POST /v1/bulk-decisions', ...queue, by: part('.pick-row input') },
    { route: 'POST /v1/bulk-decisions', ...queue, by: part('.pick-all input') },
    { route: 'POST /v1/bulk-decisions', ...queue, by: part('main a[href^="/bulk"]') },
    { route: 'POST /v1/bulk-decisions', at: '/bulk?signal=hash', whenThere: '.bulk .decide, .bulk .note', by: part('form.decide') },
    { route: 'PUT /v1/contacts/{contactId}/business-block', ...contact, by: button('Block this person') },
    { route: 'POST /v1/alerts/{alertId}/take', ...alerts, by: button('I take it') },
    { route: 'POST /v1/dead-letters/redrive', ...health, by: button('Read again') },
    { route: 'POST /v1/dead-letters/discard', ...health, by: button('Discard') },
    { route: 'GET /v1/audit', ...queue, by: part('nav a[href="/audit"]') },
    { route: 'POST /v1/members', ...settings, by: button('Invite somebody') },
    { route: 'PATCH /v1/members/{memberId}', ...settings, by: part('.member select') },
    { route: 'PUT /v1/runbook', ...settings, by: part('.runbook-settings form') },
    { route: 'POST /v1/keys', ...settings, by: button('Make a key') },
    { route: 'POST /v1/alert-rules', ...alerting, by: part('a[href="/settings/new-rule"]') },
    { route: 'PUT /v1/alert-rules/{name}', ...alerting, by: button('Switch on: idle') },
    { route: 'POST /v1/alert-routes', ...alerting, by: part('a[href="/settings/new-route"]') },
    { route: 'POST /v1/alert-routes/{name}/test', ...alerting, by: button('Send a test by desk') },
    { route: 'POST /v1/alert-rules', at: '/settings/new-rule', whenThere: '.settings .back', by: part('form.setting') },
    { route: 'PUT /v1/alert-rules/{name}', ...rule, by: part('form.setting') },
    { route: 'DELETE /v1/alert-rules/{name}', ...rule, by: button('Delete this rule') },
    { route: 'POST /v1/alert-routes', at: '/settings/new-route', whenThere: '.settings .back', by: part('form.setting') },
    { route: 'PUT /v1/alert-routes/{name}', ...route, by: part('form.setting') },
    { route: 'POST /v1/alert-routes/{name}/test', ...route, by: button('Send a test by desk') },
    { route: 'DELETE /v1/alert-routes/{name}', ...route, by: button('Delete this route') },
  ];
};

/** Puts there what can be taken, decided on and set beside changes, as the line would have written it: an alert that nobody has taken, a dead letter, a rule that
 *  is off and its route. */
export async function trouble({ query }: Line): Promise<void> {
  const facts = { what: 'dead_letters', subject: 'contact', name: null, count: 1, since: null, detail: null, optedIn: 0 };
  await query(
    `insert into alert (alert_id, rule, cause, severity, status, facts, from_seq, seen_seq, told_seq, opened_at)
     values (gen_random_uuid(), 'nobody-looks', 'x', 'warning', 'open', $1, 0, 0, 0, now())`,
    [JSON.stringify({ ...facts, signals: [], phoneNumberIds: [], ranges: [], examples: [] })],
  );
  await query(
    `insert into dead_letter (dead_letter_id, group_id, topic, partition, "offset", headers, value, record_at, code, cause, stack, attempts, dead_lettered_at)
     values (gen_random_uuid(), 'contact', 'whatsapp.inbound.v1', 0, 1, '{}', '', now(), 'event.undecodable', 'a test', '', 1, now())`,
  );
  const rule = { name: 'idle', kind: 'late', routes: ['desk'], severity: 'critical', isOn: false, when: { seconds: 120 } };
  await query(
    `insert into alert_rule (name, version, rule, set_by, set_at, next_look_at) values ('idle', 1, $1, 'key:bootstrap', now(), 'infinity')`,
    [JSON.stringify({ ...rule, waitSeconds: 60, updateMinutes: 30, repageMinutes: 5, escalate: [] })],
  );
  await query(`insert into alert_route (name, version, route, set_by, set_at) values ('desk', 1, $1, 'key:bootstrap', now())`, [
    JSON.stringify({ name: 'desk', kind: 'email', to: ['desk@example.org'], language: 'en' }),
  ]);
}
