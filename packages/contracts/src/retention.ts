import { z } from 'zod';
import { Instant } from './ids.ts';
import { type DeclaredRoute, json } from './route.ts';

/** What is kept for a while, or for good. Readers must take one that they don't know: more may come. */
const Retained = z
  .enum([
    ...(['webhooks', 'inbound_events', 'account_events', 'change_events', 'dead_letters', 'state'] as const),
    ...(['journal', 'decisions', 'sent_statuses', 'sent_past_gate', 'sent_through_gate', 'gate_decisions', 'alerts', 'audit'] as const),
  ])
  .meta({ open: true });
/** How long one thing is kept, as far as the console knows it. */
export const RetainedJson = z.object({
  what: Retained,
  /** What decides: a `variable` of `service`, the settings of a `topic` in Kafka, the `release`, or whoever removes it by `hand`. */
  by: z.enum(['variable', 'topic', 'release', 'hand']),
  /** Which variable, topic or table. */
  name: z.string(),
  service: z.string().nullable(),
  /** As `service` was told it when it last looked, or as keyturn makes the topic. Null: `service` has not said it yet, or nothing removes it. */
  days: z.number().int().nullable(),
  /** What it is where the variable is not set. */
  unsetDays: z.number().int().nullable(),
  /** What was before this is gone, as the database shows it. Null: that is not known. */
  goneBefore: Instant.nullable(),
});
export type RetainedJson = z.infer<typeof RetainedJson>;
/** All that is kept, from the shortest-lived on. */
export const RetentionJson = z.object({ items: z.array(RetainedJson), nextCursor: z.null() });

/** On `CONSOLE_PORT`: how long what is kept. */
export const retentionRoutes: readonly DeclaredRoute[] = [
  {
    ...{ method: 'get', path: '/v1/retention', operationId: 'getRetention' },
    summary: 'How long what is kept, and what decides it.',
    answers: [json(200, 'All of it. It is configuration of the services and topics, and is changed there.', RetentionJson)],
    problems: [],
  },
];
