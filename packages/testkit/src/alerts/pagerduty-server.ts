import { type Given, jsonOf, type LocalServer, localServer } from './local-server.ts';

/** What PagerDuty keeps of an incident. `triggers`: how many events triggered it while it was not resolved. */
type Incident = {
  readonly dedupKey: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  triggers: number;
  readonly summary: string;
  readonly details: Record<string, string>;
  readonly link: string;
};
export type PagerDutyServer = LocalServer & { readonly url: string; readonly routingKey: string; readonly incidents: readonly Incident[] };
type Event = {
  routing_key: string;
  event_action: string;
  dedup_key?: string;
  client_url?: string;
  payload?: { summary?: string; source?: string; severity?: string; custom_details?: Record<string, string> };
};

const ROUTING_KEY = 'R0LOCALSERVERKEYR0LOCALSERVERKEY';
/** As it answers too many (https://developer.pagerduty.com/docs/events-api-v2-overview, read 2026-11). */
export const pagerDutyThrottles: Given = {
  status: 429,
  body: JSON.stringify({ status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' }),
};

/** PagerDuty's Events API v2: one incident for each `dedup_key` that is not resolved
 *  (https://developer.pagerduty.com/docs/send-alert-event, read 2026-11). */
export async function pagerDutyServer(): Promise<PagerDutyServer> {
  const incidents: Incident[] = [];
  const server = await localServer(({ path, body }) => {
    if (path !== '/v2/enqueue') return { status: 404, body: '' };
    const event = jsonOf(body) as Event | undefined;
    const errors = event === undefined ? ['JSON is invalid'] : faultsOf(event);
    if (event === undefined || errors.length > 0)
      return { status: 400, body: JSON.stringify({ status: 'invalid event', message: 'Event object is invalid', errors }) };
    const dedupKey = event.dedup_key ?? `made-up-${incidents.length}`;
    take(incidents, event, dedupKey);
    return { status: 202, body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: dedupKey }) };
  });
  return Object.assign(server, { url: `${server.origin}/v2/enqueue`, routingKey: ROUTING_KEY, incidents });
}

function take(incidents: Incident[], { event_action, payload, client_url }: Event, dedupKey: string): void {
  const open = incidents.find((incident) => incident.dedupKey === dedupKey && incident.status !== 'resolved');
  if (event_action === 'trigger' && open === undefined) {
    const { summary = '', custom_details: details = {} } = payload ?? {};
    incidents.push({ dedupKey, status: 'triggered', triggers: 1, summary, details, link: client_url ?? '' });
  } else if (event_action === 'trigger' && open !== undefined) open.triggers += 1;
  else if (open !== undefined) open.status = event_action === 'resolve' ? 'resolved' : 'acknowledged';
}

function faultsOf({ routing_key, event_action, dedup_key, payload }: Event): string[] {
  const faults: string[] = [];
  if (routing_key !== ROUTING_KEY) faults.push("'routing_key' is invalid");
  if (!['trigger', 'acknowledge', 'resolve'].includes(event_action))
    faults.push("'event_action' is invalid (must be 'trigger', 'acknowledge' or 'resolve')");
  if (dedup_key === undefined && event_action !== 'trigger') faults.push("'dedup_key' is missing or blank");
  if ((dedup_key ?? '').length > 255) faults.push("'dedup_key' is too long");
  if (event_action !== 'trigger') return faults;
  if (!payload?.summary || payload.summary.length > 1024) faults.push("'payload.summary' is missing or blank");
  if (!payload?.source) faults.push("'payload.source' is missing or blank");
  if (!['critical', 'error', 'warning', 'info'].includes(payload?.severity ?? '')) faults.push("'payload.severity' is invalid");
  return faults;
}
