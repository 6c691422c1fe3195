import { z } from 'zod';
import { ConsentCategory, EvidenceKind } from '../changed-events.ts';
import { Instant, PhoneNumberId } from '../ids.ts';
import { distinct, SettingName } from '../settings.ts';

const Routes = distinct(SettingName, 20);

/** How bad it is, as PagerDuty has it. */
export const AlertSeverity = z.enum(['critical', 'error', 'warning', 'info']);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

const minutes = (unset: number, min: number) => z.number().int().min(min).max(10_080).default(unset);
const seconds = (unset: number) => z.number().int().min(0).max(86_400).default(unset);
const counted = z.number().int().min(1).max(1_000_000);
/** What every rule says that alerts. `wait` is how long the cause must last before the first page, which gathers a storm into one. */
const alerting = (waitSeconds: number, severity: AlertSeverity) => ({
  name: SettingName,
  /** Who is told first. */
  routes: Routes,
  severity: AlertSeverity.default(severity),
  /** False: nothing is looked at, and what is open ends. */
  isOn: z.boolean().default(true),
  /** For so long the cause must last before anybody is told; what comes meanwhile is told with it. */
  waitSeconds: seconds(waitSeconds),
  /** While nobody has taken it, news of it is told this often at most. */
  updateMinutes: minutes(30, 1),
  /** After a page, the next one of the same cause comes this much later at the earliest. */
  repageMinutes: minutes(5, 0),
  /** Who else is told, so long after the page, unless somebody has taken it by then. */
  escalate: z
    .array(z.strictObject({ afterMinutes: z.number().int().min(1).max(10_080), routes: Routes }))
    .max(5)
    .default([]),
});
const onNumbers = { phoneNumberIds: distinct(PhoneNumberId, 100).optional() };

/** Blocks that await a decision: by the signal, the number of ours, a consent at stake, how many. Each condition that is there must hold. */
const IdentityChangesRule = z.strictObject({
  kind: z.literal('identity_changes'),
  ...alerting(20, 'critical'),
  when: z
    .strictObject({
      /** One of these speaks for another holder. */
      signals: distinct(EvidenceKind, 20).optional(),
      /** It was seen on one of these. */
      ...onNumbers,
      /** The person is opted in to one of these. */
      optedInTo: distinct(ConsentCategory, 4).optional(),
      /** So many of one cause. */
      atLeast: counted.default(1),
      /** Nobody has decided for so long; the business may answer meanwhile. */
      undecidedForMinutes: minutes(0, 0),
    })
    .prefault({}),
});
/** A number of ours is flagged for what it sends, restricted, banned or no longer ours. */
const NumbersRule = z.strictObject({
  kind: z.literal('numbers'),
  ...alerting(0, 'error'),
  when: z.strictObject(onNumbers).prefault({}),
});
/** The identity check of a number is off, or fewer of its messages carry a key hash than did. */
const CoverageRule = z.strictObject({
  kind: z.literal('coverage'),
  ...alerting(300, 'error'),
  when: z.strictObject(onNumbers).prefault({}),
});
/** A consumer is not known to be current, or what changed was not told downstream. */
const LateRule = z.strictObject({
  kind: z.literal('late'),
  ...alerting(60, 'critical'),
  when: z.strictObject({ seconds: z.number().int().min(10).max(86_400).default(120) }).prefault({}),
});
/** Records that a consumer could not decide on. */
const DeadLettersRule = z.strictObject({
  kind: z.literal('dead_letters'),
  ...alerting(0, 'error'),
  when: z.strictObject({ atLeast: counted.default(1) }).prefault({}),
});
/** Messages of ours that nobody asked the gate about, since the day before in UTC. */
const UngatedRule = z.strictObject({
  kind: z.literal('ungated'),
  ...alerting(0, 'error'),
  when: z.strictObject({ ...onNumbers, atLeast: counted.default(1) }).prefault({}),
});
/** Nothing has come from WhatsApp for longer than usual at these hours of the week. */
const NoWebhooksRule = z.strictObject({
  kind: z.literal('no_webhooks'),
  ...alerting(0, 'critical'),
  when: z
    .strictObject({
      /** For so long nothing came … */
      minutes: z.number().int().min(5).max(1_440).default(15),
      /** … of which so much is usual in that time: where less is, its absence says nothing. */
      atLeast: counted.default(20),
    })
    .prefault({}),
});
/** A route has not taken what it was to, so somebody may wait for a page that does not come. Told by the other routes. */
const RouteFailingRule = z.strictObject({
  kind: z.literal('route_failing'),
  ...alerting(300, 'error'),
  when: z.strictObject({}).prefault({}),
});
const TimeZone = z
  .string()
  .max(64)
  .refine((name) => isTimeZone(name), 'is no time zone: write one such as Asia/Riyadh or UTC');
/** Once a day, everything that awaits a decision, by e-mail. */
const DigestRule = z.strictObject({
  kind: z.literal('digest'),
  name: SettingName,
  routes: Routes,
  isOn: z.boolean().default(true),
  /** When, by the clock of `timeZone`: `08:00`. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time of the day such as 08:00'),
  timeZone: TimeZone.default('UTC'),
});

/** What is looked for, whom it is told, and what follows when nobody takes it. */
export const AlertRule = z.discriminatedUnion('kind', [
  IdentityChangesRule,
  NumbersRule,
  CoverageRule,
  LateRule,
  DeadLettersRule,
  UngatedRule,
  NoWebhooksRule,
  RouteFailingRule,
  DigestRule,
]);
export type AlertRule = z.infer<typeof AlertRule>;
/** A rule in place of the one of that `version`. */
export const AlertRuleRequest = z.strictObject({ version: z.number().int().min(1), rule: AlertRule });
/** A rule, and who set it when. */
export const AlertRuleJson = z.object({ version: z.number().int(), rule: AlertRule, setBy: z.string(), setAt: Instant });
export type AlertRuleJson = z.infer<typeof AlertRuleJson>;
/** All rules, by name. */
export const AlertRulesPage = z.object({ items: z.array(AlertRuleJson), nextCursor: z.null() });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
