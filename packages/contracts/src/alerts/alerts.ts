import { z } from 'zod';
import { EvidenceKind } from '../changed-events.ts';
import { PageQuery, pageOf } from '../http.ts';
import { ContactId, Instant } from '../ids.ts';
import { SettingName } from '../settings.ts';
import { AlertSeverity } from './alert-rules.ts';

/** What is wrong. Readers must take one that they don't know: more may come. */
export const AlertWhat = z
  .enum([
    ...(['identity_changes', 'number_flagged', 'number_restricted', 'number_lost', 'check_off', 'check_falling'] as const),
    ...(['consumer_late', 'outbox_late', 'dead_letters', 'ungated_sends', 'no_webhooks', 'route_failing', 'test'] as const),
  ])
  .meta({ open: true });
export type AlertWhat = z.infer<typeof AlertWhat>;
/** A value, and how many have it. */
const Share = z.object({ value: z.string(), count: z.number().int() });
export type Share = z.infer<typeof Share>;
/** What is known of a cause. No number of a person stands in it, but a masked one. */
export const AlertFacts = z.object({
  what: AlertWhat,
  /** Which: a number of ours by its id, a consumer group, a route. Null: it is about no one thing. */
  subject: z.string().nullable(),
  /** The verified name of a number of ours. */
  name: z.string().nullable(),
  /** How many: blocks, dead letters. For what is late, the seconds; where nothing came, how much is usual in that time. Null: it is not counted. */
  count: z.number().int().nullable(),
  since: Instant.nullable(),
  /** The rest in the words of whoever said it: the restriction, the route's answer. */
  detail: z.string().nullable(),
  /** How many of the people are opted in to something. */
  optedIn: z.number().int(),
  /** What they share, the most frequent first: the signals, our numbers, and the beginnings of the people's numbers that ten or more have. */
  signals: z.array(Share.extend({ value: EvidenceKind })),
  phoneNumberIds: z.array(Share),
  ranges: z.array(Share),
  /** What the numbers of ours are called that stand in `subject` and `phoneNumberIds` by their `id`. `number`: digits only. Absent: there is none, or it was not looked up. */
  ourNumbers: z.array(z.object({ id: z.string(), number: z.string().nullable(), name: z.string().nullable() })).optional(),
  /** The oldest of them: five at most, in a digest a hundred. `number` is masked. */
  examples: z.array(z.object({ contactId: ContactId, number: z.string().nullable(), since: Instant, signals: z.array(EvidenceKind) })),
});
export type AlertFacts = z.infer<typeof AlertFacts>;

/** `pending` until it has lasted, `open` until somebody takes it, `taken` until it is over. */
export const AlertStatus = z.enum(['pending', 'open', 'taken', 'resolved']);
export type AlertStatus = z.infer<typeof AlertStatus>;
/** How it came to an end: the cause went (a decision, a number that is well again), or the rule was taken away. */
export const AlertResolution = z.enum(['over', 'rule_gone']);
export type AlertResolution = z.infer<typeof AlertResolution>;
/** One cause, from when it is seen until it is gone. */
export const AlertJson = z.object({
  alertId: z.uuid(),
  rule: SettingName,
  severity: AlertSeverity,
  status: AlertStatus,
  facts: AlertFacts,
  openedAt: Instant,
  /** When somebody was first told. */
  pagedAt: Instant.nullable(),
  /** How many steps of escalation were taken. */
  escalations: z.number().int(),
  takenAt: Instant.nullable(),
  takenBy: z.string().nullable(),
  resolvedAt: Instant.nullable(),
  resolution: AlertResolution.nullable(),
});
export type AlertJson = z.infer<typeof AlertJson>;
/** Which alerts are asked for: `unresolved` (as where it is left out), or all. */
export const AlertsQuery = PageQuery.extend({ status: z.enum(['unresolved', 'all']).default('unresolved') });
/** Alerts, the newest first. */
export const AlertsPage = pageOf(AlertJson);

/** What is told of an alert. */
export const AlertMessageKind = z.enum(['opened', 'updated', 'escalated', 'taken', 'resolved', 'digest', 'test']);
export type AlertMessageKind = z.infer<typeof AlertMessageKind>;
/** What is sent of an alert, by whichever route: a webhook gets it as `data`. */
export const AlertMessage = z.object({
  message: AlertMessageKind,
  /** Null: it is of no alert, but a digest or a test. */
  alertId: z.uuid().nullable(),
  rule: SettingName.nullable(),
  severity: AlertSeverity,
  at: Instant,
  facts: AlertFacts,
  /** Who took it, as the audit log has it. */
  by: z.string().nullable(),
  /** What they are called, where that is known. */
  byName: z.string().optional(),
  /** For how many minutes nobody took it, where it is escalated. */
  untakenMinutes: z.number().int().nullable(),
});
export type AlertMessage = z.infer<typeof AlertMessage>;
/** What a webhook route gets. `repeat`: the same may have come before. */
export const AlertSent = z.object({
  type: z.string().regex(/^alert\.[a-z_]+$/),
  timestamp: Instant,
  data: AlertMessage.extend({ url: z.url(), repeat: z.boolean() }),
});
export type AlertSent = z.infer<typeof AlertSent>;

/** `waiting` until the route took it, `refused`: the route said that it never will, `superseded`: it was over before it was told, `given_up`: it was too old, or nobody
 *  knows whether it was taken and a second repetition might follow. */
export const AlertDeliveryStatus = z.enum(['waiting', 'delivered', 'refused', 'superseded', 'given_up']);
/** One message to one route, and how its last attempt ended. */
export const AlertDeliveryJson = z.object({
  deliveryId: z.uuid(),
  alertId: z.uuid().nullable(),
  route: SettingName,
  message: AlertMessageKind,
  status: AlertDeliveryStatus,
  createdAt: Instant,
  attempts: z.number().int(),
  nextAttemptAt: Instant.nullable(),
  lastAttempt: z
    .object({
      startedAt: Instant,
      /** Null: it is under way, or nobody knows how it ended. */
      endedAt: Instant.nullable(),
      outcome: z.string().nullable(),
      httpStatus: z.number().int().nullable(),
      answer: z.string().nullable(),
    })
    .nullable(),
});
export type AlertDeliveryJson = z.infer<typeof AlertDeliveryJson>;
/** Which deliveries are asked for. */
export const AlertDeliveriesQuery = PageQuery.extend({ route: SettingName.optional(), alertId: z.uuid().optional() });
/** Deliveries, the newest first. */
export const AlertDeliveriesPage = pageOf(AlertDeliveryJson);
