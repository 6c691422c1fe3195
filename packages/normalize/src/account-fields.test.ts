import { describe, expect, it } from '@jest/globals';
import { account } from '@keyturn/contracts';
import { bodyOf, events, fixture, normalized, RECEIVED_AT } from './testing.ts';

const WABA = '200000000000001';
const OURS = { displayNumber: '12025550199' };
const template = { templateId: '540000000000001', name: 'order_confirmation', language: 'en_US' };

describe('what is about our account is typed, keyed by the account, at its own time', () => {
  it.each<[string, object]>([
    [
      'account_alerts',
      { type: 'account.alerted', alert: 'INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED', severity: 'WARNING', entityType: 'BUSINESS' },
    ],
    ['account_review_update', { type: 'account.reviewed', decision: 'APPROVED' }],
    ['account_settings_update', { type: 'phone_number.settings_changed', phoneNumberId: '100000000000001', callingStatus: 'ENABLED' }],
    [
      'account_update.account_restriction',
      {
        type: 'account.updated',
        event: 'ACCOUNT_RESTRICTION',
        restrictions: [
          { restriction: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiresAt: '2026-11-21T00:00:00.000Z' },
          { restriction: 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING', expiresAt: '2026-11-21T00:00:00.000Z' },
        ],
      },
    ],
    [
      'account_update.account_restriction.phone_calling',
      { ...OURS, restrictions: [{ restriction: 'RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN' }] },
    ],
    ['account_update.account_violation', { event: 'ACCOUNT_VIOLATION', violationType: 'ADULT' }],
    ['account_update.disabled_update', { event: 'DISABLED_UPDATE', banState: 'DISABLE' }],
    ['account_update.partner_added', { event: 'PARTNER_ADDED', ownerBusinessId: '300000000000001' }],
    ['account_update.partner_client_certification', { certificationStatus: 'APPROVED' }],
    ['account_update.primary_location', { country: 'US' }],
    ['account_update.partner_app_installed.field_misplaced', { type: 'account.updated', event: 'PARTNER_APP_INSTALLED' }],
    ['business_capability_update', { type: 'business_capability.changed', limit: '2000', phoneNumbersMax: 25 }],
    ['business_capability_update.tier_string', { limit: 'TIER_2K', phoneNumbersMax: 25 }],
    ['business_username_update.singular', { type: 'business_username.changed', ...OURS, username: 'fixture.shop', status: 'reserved' }],
    ['business_username_updates.deleted', { type: 'business_username.changed', ...OURS, status: 'deleted' }],
    [
      'flows.endpoint_error_rate',
      { type: 'flow.reported', event: 'ENDPOINT_ERROR_RATE', flowId: '550000000000001', alertState: 'ACTIVATED' },
    ],
    ['flows.status_change', { type: 'flow.reported', previousStatus: 'DRAFT', status: 'PUBLISHED' }],
    ['message_template_components_update', { type: 'template.content_changed', ...template, buttonTypes: ['URL', 'PHONE_NUMBER'] }],
    ['message_template_quality_update', { type: 'template.quality_changed', ...template, previousQuality: 'GREEN', quality: 'YELLOW' }],
    ['message_template_quality_update.mislabelled_field', { type: 'template.quality_changed', quality: 'YELLOW' }],
    ['message_template_status_update.approved', { type: 'template.status_changed', ...template, status: 'APPROVED', category: 'UTILITY' }],
    ['message_template_status_update.paused', { status: 'PAUSED', detail: 'FIRST_PAUSE' }],
    ['message_template_status_update.rejected', { status: 'REJECTED', reason: 'INVALID_FORMAT', detail: 'Fixture text.' }],
    [
      'message_template_status_update.rejected.rejection_info_beside_value',
      { status: 'REJECTED', reason: 'INVALID_FORMAT', detail: 'Fixture text.' },
    ],
    [
      'template_category_update.impending',
      { type: 'template.category_changed', ...template, stage: 'impending', category: 'UTILITY', nextCategory: 'MARKETING' },
    ],
    [
      'template_category_update.completed',
      { type: 'template.category_changed', stage: 'completed', category: 'MARKETING', previousCategory: 'UTILITY' },
    ],
    [
      'payment_configuration_update',
      { type: 'payment_configuration.changed', name: 'pay-prod', provider: 'razorpay', status: 'Needs Testing' },
    ],
    [
      'phone_number_name_update.approved',
      { type: 'phone_number.name_decided', ...OURS, decision: 'APPROVED', requestedName: 'Fixture Shop' },
    ],
    ['phone_number_name_update.rejected', { decision: 'REJECTED', rejectionReason: 'NAME_NOT_CONSISTENT' }],
    [
      'phone_number_quality_update',
      { type: 'phone_number.quality_changed', ...OURS, event: 'THROUGHPUT_UPGRADE', limit: 'TIER_UNLIMITED' },
    ],
    ['phone_number_quality_update.onboarding', { event: 'ONBOARDING', limit: 'TIER_250' }],
    ['security.pin_reset_request', { type: 'phone_number.security_reported', event: 'PIN_RESET_REQUEST', requester: '530000000000001' }],
    ['history.declined', { type: 'history.reported', errorCodes: [2593109] }],
    ['history.threads', { type: 'history.reported', phase: 0, chunkOrder: 1, progressPercent: 55 }],
    [
      'group_lifecycle_update.create',
      { type: 'group.changed', groupId: 'Z3JvdXAtZml4dHVyZS0wMDE', change: 'group_create', requestId: 'req-1' },
    ],
    ['group_lifecycle_update.delete_failed', { type: 'group.changed', change: 'group_delete', errorCodes: [131000] }],
    ['group_settings_update', { type: 'group.changed', change: 'group_settings_update' }],
    ['group_status_update.suspend', { type: 'group.changed', change: 'group_suspend' }],
    ['messages.errors', { type: 'errors.reported', field: 'messages', errorCodes: [130429] }],
    [
      'messages.user_actions.link_click',
      { type: 'link.clicked', action: 'marketing_messages_link_click', component: 'cta', clickId: 'click-1' },
    ],
    ['automatic_events.lead_submitted', { type: 'automatic_event.detected', name: 'LeadSubmitted', ctwaClid: 'FIXTURE_CLID_0001' }],
  ])('%s', (name, expected) => {
    const [one] = normalized(fixture(name));
    expect(one).toMatchObject({ topic: account, key: WABA, facets: [], event: { wabaId: WABA, ...expected } });
  });

  it('a partner solution is our portfolio’s, not an account’s', () => {
    const [one] = normalized(fixture('partner_solutions'));
    expect(one).toMatchObject({ topic: account, key: '300000000000001' });
    expect(one?.event).toMatchObject({ type: 'partner_solution.changed', businessId: '300000000000001', status: 'INITIATED' });
    expect(one?.event).not.toHaveProperty('wabaId');
  });
  it('a reason that is none is left out', () => {
    expect(events(fixture('message_template_status_update.approved'))[0]).not.toHaveProperty('reason');
    expect(events(fixture('message_template_status_update.pending_deletion'))[0]).not.toHaveProperty('reason');
    expect(events(fixture('phone_number_name_update.approved'))[0]).not.toHaveProperty('rejectionReason');
  });
});

describe('numbers as text, text as numbers, keys that nobody knows, keys that are not there', () => {
  const change = (field: string, value: object, time: unknown = 1_795_132_800) => ({
    entry: [{ id: WABA, time, changes: [{ field, value }] }],
  });
  it.each<[string, object, object]>([
    [
      'message_template_status_update',
      { message_template_id: '7', message_template_name: 'n', event: 'NEW_ONE', x: {} },
      { templateId: '7', status: 'NEW_ONE' },
    ],
    ['message_template_status_update', { message_template_id: 2 ** 60, message_template_name: 'n', event: 'X' }, { name: 'n' }],
    ['flows', { event: 'X', flow_id: 7 }, { flowId: '7' }],
    ['security', { event: 'X', display_phone_number: 12025550199 }, OURS],
    [
      'business_capability_update',
      { max_daily_conversations_per_business: 5, max_phone_numbers_per_waba: '25' },
      { limit: '5', phoneNumbersMax: 25 },
    ],
    [
      'account_update',
      { event: 'X', restriction_info: { restriction_type: 'R', expiration: '1795219200' } },
      { restrictions: [{ restriction: 'R', expiresAt: '2026-11-21T00:00:00.000Z' }] },
    ],
    ['account_update', { event: 'X', restriction_info: [null, 7, {}], disconnection_info: [], waba_info: 'x' }, { event: 'X' }],
  ])('%s', (field, value, expected) => expect(events(change(field, value))).toMatchObject([expected]));

  it('the same said anew later is another event, the same delivered anew is not', () => {
    const said = (time: unknown) => events(change('account_review_update', { decision: 'APPROVED' }, time))[0];
    expect(said(1_795_132_800)?.id).toBe(said('1795132800')?.id);
    expect(said(1_795_132_801)?.id).not.toBe(said(1_795_132_800)?.id);
  });
  it.each([[undefined], [null], ['soon'], [32_503_680_000]])('a time that is none is flagged: %p', (time) => {
    const body = {
      entry: [{ id: WABA, ...(time === undefined ? {} : { time }), changes: [{ field: 'security', value: { event: 'X' } }] }],
    };
    expect(events(body)).toMatchObject([
      { type: 'phone_number.security_reported', flags: ['time_impossible'], occurredAt: RECEIVED_AT.toISOString() },
    ]);
  });
  it('without an account it is kept as it came', () =>
    expect(events({ entry: [{ changes: [{ field: 'security', value: { event: 'X' } }] }] })).toMatchObject([
      { reason: 'own_ids_missing' },
    ]));
  it('where the field has no name, the list that only it has tells', () =>
    expect(
      events(bodyOf({ calls: [{ id: 'wacid.1', from: '12025550101', event: 'connect', timestamp: '1795132800' }] }, null)),
    ).toMatchObject([{ type: 'call.reported' }]));
});
