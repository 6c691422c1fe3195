import { z } from 'zod';
import { Instant } from './ids.ts';
import { type DeclaredRoute, json } from './route.ts';

/** How far one consumer is. `caughtUpAt`: all that was in its topics then is applied; null: it has read nothing yet. */
const ConsumerHealth = z.object({
  group: z.string(),
  caughtUpAt: Instant.nullable(),
  behindSeconds: z.number().nullable(),
  /** The log ends before what was applied from it: nothing more is applied until somebody looks. */
  logLost: z.boolean(),
});
/** The line as PostgreSQL knows it. What it says of Kafka is what the consumers found there. */
export const HealthJson = z.object({
  /** Nothing of `concerns` is there. */
  healthy: z.boolean(),
  /** What is not as it should be, in words, the worst first. */
  concerns: z.array(z.string()),
  consumers: z.array(ConsumerHealth),
  /** What the relay has yet to publish (10,000: so much or more), and since when the oldest of it waits. */
  outbox: z.object({ waiting: z.number().int(), oldestAt: Instant.nullable() }),
  /** Records that await a decision, by consumer and cause; of each counted up to 1,000. */
  deadLetters: z.array(z.object({ group: z.string(), code: z.string(), open: z.number().int(), oldestAt: Instant })),
  identityChanges: z.object({ open: z.number().int(), oldestSince: Instant.nullable() }),
  /** What comes from the platform. */
  webhooks: z.object({
    /** When the last came, to five minutes; null: none ever did. */
    lastAt: Instant.nullable(),
    /** Up to when they are counted, a moment ago while all is well. */
    countedTo: Instant.nullable(),
    /** How many came in the hour up to then. */
    lastHour: z.number().int(),
    /** How many come in such an hour of the week at the least; null: fewer than two weeks are counted. */
    usualHour: z.number().int().nullable(),
    /** Since when nothing has come for longer than usual, and how many are usual in that time; null: it is as usual, or nobody knows what is. */
    silence: z.object({ since: Instant, usual: z.number().int() }).nullable(),
  }),
  asOf: Instant,
});
export type HealthJson = z.infer<typeof HealthJson>;

/** How far back: six hours by five minutes, a day by quarters of an hour, a week by hours. */
export const WebhookSpan = z.enum(['6h', '24h', '7d']);
export type WebhookSpan = z.infer<typeof WebhookSpan>;
/** What `getWebhookCounts` is asked for. */
export const WebhookCountsQuery = z.strictObject({ over: WebhookSpan.default('24h') });
/** How many webhooks of the platform were kept, step by step. One that it delivers again counts again. */
export const WebhookCountsJson = z.object({
  stepSeconds: z.number().int(),
  /** Every step, oldest first; the last goes on now. */
  steps: z.array(
    z.object({
      at: Instant,
      /** Null: nobody counted then, or nothing had ever come; it may have been any number. */
      webhooks: z.number().int().nullable(),
      /** All of the step's time is counted. */
      complete: z.boolean(),
    }),
  ),
  /** Up to when they are counted, a moment ago while all is well; null: no webhook ever came. */
  countedTo: Instant.nullable(),
});
export type WebhookCountsJson = z.infer<typeof WebhookCountsJson>;

/** On `CONSOLE_PORT`: how the line is. */
export const healthRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/health', operationId: 'getHealth' },
    summary: 'How far each step of the line is, and what is not as it should be.',
    answers: [json(200, 'As the database has it now.', HealthJson)],
    problems: [],
  },
  {
    ...{ method: 'get', path: '/v1/health/webhooks', operationId: 'getWebhookCounts' },
    summary: 'How many webhooks of the platform were kept, step by step.',
    query: WebhookCountsQuery,
    answers: [json(200, 'Every step of the span.', WebhookCountsJson)],
    problems: ['request.invalid'],
  },
];
