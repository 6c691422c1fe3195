import { z } from 'zod';
import { Instant } from '../ids.ts';
import { distinct, EndpointUrl, SettingName } from '../settings.ts';

/** The language of what is told. */
export const AlertLanguage = z.enum(['en', 'ar']);
export type AlertLanguage = z.infer<typeof AlertLanguage>;

const told = { name: SettingName, language: AlertLanguage.default('en') };
const SlackRoute = z.strictObject({
  kind: z.literal('slack'),
  ...told,
  /** The URL of an incoming webhook. It is a secret, and never shown; left out in a change, it stays. */
  url: EndpointUrl.optional(),
});
const PagerDutyRoute = z.strictObject({
  kind: z.literal('pagerduty'),
  ...told,
  /** The integration key of a service (Events API v2). It is a secret, and never shown; left out in a change, it stays. */
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'is 32 letters and digits: the integration key of an Events API v2 integration')
    .optional(),
  /** Where events go; of the European service region: `https://events.eu.pagerduty.com/v2/enqueue`. */
  url: EndpointUrl.default('https://events.pagerduty.com/v2/enqueue'),
});
const EmailRoute = z.strictObject({ kind: z.literal('email'), ...told, to: distinct(z.email().max(254), 20) });
const WebhookRoute = z.strictObject({
  kind: z.literal('webhook'),
  ...told,
  url: EndpointUrl,
  /** Raise it by one for another secret. What is sent is signed by this one and the one before. */
  secretVersion: z.number().int().min(1).max(1_000_000).default(1),
});
/** Where alerts go. */
export const AlertRoute = z.discriminatedUnion('kind', [SlackRoute, PagerDutyRoute, EmailRoute, WebhookRoute]);
export type AlertRoute = z.infer<typeof AlertRoute>;
/** A route in place of the one of that `version`. */
export const AlertRouteRequest = z.strictObject({ version: z.number().int().min(1), route: AlertRoute });

/** How a route fares. `failing` since its last attempt failed, with what it answered; `unused`: nothing was ever sent. */
export const AlertRouteHealth = z.object({
  status: z.enum(['working', 'failing', 'unused']),
  failingSince: Instant.nullable(),
  lastAttemptAt: Instant.nullable(),
  lastOutcome: z.string().nullable(),
  lastHttpStatus: z.number().int().nullable(),
  lastAnswer: z.string().nullable(),
  lastDeliveredAt: Instant.nullable(),
  /** What it is still to take. */
  waiting: z.number().int(),
});
export type AlertRouteHealth = z.infer<typeof AlertRouteHealth>;
/** A route without its secrets, who set it when, and how it fares. */
export const AlertRouteJson = z.object({
  version: z.number().int(),
  route: AlertRoute,
  /** False: a secret is missing, or no key opens it; set the route anew. */
  isComplete: z.boolean(),
  setBy: z.string(),
  setAt: Instant,
  health: AlertRouteHealth,
});
export type AlertRouteJson = z.infer<typeof AlertRouteJson>;
/** All routes, by name. */
export const AlertRoutesPage = z.object({ items: z.array(AlertRouteJson), nextCursor: z.null() });
/** The secret by which the receiver of a webhook route verifies what it gets. */
export const AlertRouteSecretJson = z.object({ route: SettingName, secretVersion: z.number().int(), secret: z.string() });
