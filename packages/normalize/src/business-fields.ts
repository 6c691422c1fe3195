import type { AccountUpdated } from '@keyturn/contracts';
import type { z } from 'zod';
import { changeAs } from './account-event.ts';
import type { ItemReader } from './items.ts';
import { type Json, listOf, objectOf, present, textOf, wholeOf, wordOf } from './payload/json.ts';
import { instantIn } from './payload/times.ts';

/** What the platform says of our account and our business, by field
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update and its sibling pages, read 2026). */
export const businessFields: Readonly<Record<string, ItemReader>> = {
  account_update: changeAs('account.updated', ['event'], (value) => ({
    event: wordOf(value.event),
    ownerBusinessId: wordOf(objectOf(value.waba_info)?.owner_business_id),
    violationType: wordOf(objectOf(value.violation_info)?.violation_type),
    // `waba_ban_date` is prose.
    banState: wordOf(objectOf(value.ban_info)?.waba_ban_state),
    restrictions: restrictionsOf(value),
    disconnection: disconnectionOf(value),
    certificationStatus: wordOf(objectOf(value.partner_client_certification_info)?.status),
    country: wordOf(value.country),
  })),
  account_review_update: changeAs('account.reviewed', ['decision'], (value) => ({ decision: wordOf(value.decision) })),
  account_alerts: changeAs('account.alerted', ['alert'], (value) => {
    const info = objectOf(value.alert_info) ?? value;
    return {
      entityType: wordOf(value.entity_type),
      entityId: wordOf(value.entity_id),
      alert: wordOf(info.alert_type),
      severity: wordOf(info.alert_severity),
      status: wordOf(info.alert_status),
    };
  }),
  // Numbers in the samples, `TIER_…` in the text.
  business_capability_update: changeAs('business_capability.changed', ['limit'], (value) => ({
    limit: wordOf(value.max_daily_conversations_per_business ?? value.max_daily_conversation_per_phone),
    phoneNumbersMax: countOf(value.max_phone_numbers_per_waba ?? value.max_phone_numbers_per_business),
  })),
  partner_solutions: changeAs('partner_solution.changed', ['businessId', 'event', 'solutionId'], (value, _beside, { wabaId }) => ({
    businessId: wabaId,
    event: wordOf(value.event),
    solutionId: wordOf(value.solution_id),
    status: wordOf(value.solution_status),
  })),
  payment_configuration_update: changeAs('payment_configuration.changed', ['name', 'status'], (value) => ({
    name: textOf(value.configuration_name, 256),
    provider: wordOf(value.provider_name),
    status: wordOf(value.status),
  })),
  flows: changeAs('flow.reported', ['event', 'flowId'], (value) => ({
    event: wordOf(value.event),
    flowId: wordOf(value.flow_id),
    status: wordOf(value.new_status),
    previousStatus: wordOf(value.old_status),
    alertState: wordOf(value.alert_state),
  })),
};

function countOf(value: unknown): number | undefined {
  const count = wholeOf(value);
  return count === undefined || count < 0 ? undefined : count;
}

function disconnectionOf({ disconnection_info: info }: Json): z.infer<typeof AccountUpdated>['disconnection'] {
  const json = objectOf(info);
  const reason = wordOf(json?.reason);
  return reason === undefined ? undefined : present({ reason, initiatedBy: wordOf(json?.initiated_by) });
}

const RESTRICTIONS_MAX = 64;
type Restriction = NonNullable<z.infer<typeof AccountUpdated>['restrictions']>[number];
/** A list in the samples; one of it counts too. */
function restrictionsOf({ restriction_info: info }: Json): Restriction[] | undefined {
  const restrictions = listOf(info)
    .slice(0, RESTRICTIONS_MAX)
    .flatMap((element): Restriction[] => {
      const json = objectOf(element);
      const restriction = wordOf(json?.restriction_type);
      return restriction === undefined ? [] : [present({ restriction, expiresAt: instantIn(json?.expiration) })];
    });
  return restrictions.length > 0 ? restrictions : undefined;
}
