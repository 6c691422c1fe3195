import type { AlertRoute } from '@keyturn/contracts';
import type { Draft } from './draft.ts';

/** How somebody is told. */
export type RouteKind = AlertRoute['kind'];
/** All of them. */
export const routeKinds: readonly RouteKind[] = ['slack', 'pagerduty', 'email', 'webhook'];

/** Where PagerDuty takes events, by its service region. */
export const regions = { us: 'https://events.pagerduty.com/v2/enqueue', eu: 'https://events.eu.pagerduty.com/v2/enqueue' } as const;

/** What is asked of each kind; a secret is empty at first, whatever is kept. */
const asked: Readonly<Record<RouteKind, Draft>> = {
  slack: { url: '' },
  pagerduty: { routingKey: '', url: regions.us },
  email: { to: '' },
  webhook: { url: '', secretVersion: '1' },
};
/** The one field of a kind that is kept and never shown. */
export const secretOf: Readonly<Record<RouteKind, 'url' | 'routingKey' | null>> = {
  slack: 'url',
  pagerduty: 'routingKey',
  email: null,
  webhook: null,
};

/** A route of a kind before anybody said anything. */
export const newRoute = (kind: RouteKind, language: string): Draft => ({ kind, name: kind, language, ...asked[kind] });
/** A route that is there, with an empty place for its secret. */
export const shownRoute = (kind: RouteKind, draft: Draft): Draft => ({ ...asked[kind], ...draft });
