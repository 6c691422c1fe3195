import { describe, expect, it } from '@jest/globals';
import { inbound } from '@keyturn/contracts';
import { bodyOf, events, fixture, normalized, SENT_AT } from './testing.ts';

const ADA = { waId: '12025550101', bsuid: 'US.40010000000000000101' };
const at = String(SENT_AT);

describe('what is about a person is typed, on the inbound topic, keyed by the person', () => {
  it.each<[string, object[]]>([
    ['calls.connect.user_initiated', [{ type: 'call.reported', ...ADA, calledBy: 'person', event: 'connect', profileName: 'Ada Fixture' }]],
    ['calls.connect.business_initiated', [{ type: 'call.reported', ...ADA, calledBy: 'business', event: 'connect' }]],
    [
      'calls.terminate',
      [{ type: 'call.reported', ...ADA, calledBy: 'business', event: 'terminate', outcome: 'completed', durationSeconds: 120 }],
    ],
    [
      'calls.terminate.with_errors',
      [
        { type: 'call.reported', ...ADA, event: 'terminate', outcome: 'failed' },
        { type: 'errors.reported', field: 'calls', errorCodes: [138000] },
      ],
    ],
    ['calls.status.ringing', [{ type: 'call.reported', ...ADA, calledBy: 'business', event: 'ringing' }]],
    ['smb_message_echoes.text', [{ type: 'message.echoed', ...ADA, messageType: 'text', sentFrom: 'business_app' }]],
    ['smb_message_echoes.revoke', [{ type: 'message.echoed', ...ADA, messageType: 'revoke', originalWamid: 'wamid.ZngtZTE=' }]],
    ['standby.inbound', [{ type: 'message.received', ...ADA, standby: true, messageType: 'text' }]],
    ['standby.message_echo', [{ type: 'message.echoed', waId: ADA.waId, sentFrom: 'standby', messageType: 'text' }]],
    ['standby.status', [{ type: 'status.reported', ...ADA, standby: true, status: 'delivered' }]],
    [
      'history.threads',
      [
        { type: 'history.reported' },
        { type: 'message.imported', waId: ADA.waId, author: 'business', status: 'read', chunk: { phase: 0, order: 1 } },
        { type: 'message.imported', waId: ADA.waId, author: 'person', messageType: 'text' },
        { type: 'message.imported', waId: ADA.waId, author: 'person', messageType: 'media_placeholder', status: 'played' },
      ],
    ],
    ['history.media', [{ type: 'message.imported', waId: ADA.waId, author: 'person', messageType: 'image' }]],
    ['smb_app_state_sync.add', [{ type: 'state.synced', waId: ADA.waId, kind: 'contact', action: 'add' }]],
    ['smb_app_state_sync.remove', [{ type: 'state.synced', waId: ADA.waId, action: 'remove' }]],
    ['group_participants_update.add', [{ type: 'group.changed' }, { type: 'group.participant_changed', waId: ADA.waId, change: 'added' }]],
    [
      'group_participants_update.join_request',
      [{ type: 'group.changed' }, { type: 'group.participant_changed', waId: ADA.waId, change: 'requested' }],
    ],
    [
      'group_participants_update.remove_partial',
      [
        { type: 'group.changed', errorCodes: [131000] },
        { type: 'group.participant_changed', waId: ADA.waId, change: 'removed' },
        { type: 'group.participant_changed', waId: '12025550103', change: 'failed', errorCodes: [131000] },
      ],
    ],
    ['user_preferences.stop', [{ type: 'preference.changed', ...ADA, preference: 'stop', category: 'marketing_messages' }]],
    ['user_preferences.stop.bsuid_only', [{ type: 'preference.changed', bsuid: ADA.bsuid, preference: 'stop' }]],
    ['user_preferences.resume', [{ type: 'preference.changed', preference: 'resume', occurredAt: '2026-11-20T00:01:00.000Z' }]],
    ['user_preferences.signup', [{ type: 'preference.changed', preference: 'signup', signupId: '800000000000001' }]],
    [
      'user_id_update',
      [
        {
          type: 'number.changed',
          variant: 'user_id_update',
          previous: { bsuid: ADA.bsuid, parentBsuid: 'US.ENT.50010000000000000101' },
          current: { waId: '12025550102', bsuid: 'US.40010000000000000202', parentBsuid: 'US.ENT.50010000000000000202' },
        },
      ],
    ],
    [
      'messaging_handovers.control_passed',
      [
        {
          type: 'thread.handed_over',
          waId: ADA.waId,
          handover: 'control_passed',
          previousOwnerRole: 'ai_agent',
          newOwnerRole: 'customer_service',
        },
      ],
    ],
    ['messages.unsupported', [{ type: 'message.received', messageType: 'unsupported', subtype: 'poll_creation', errorCodes: [131051] }]],
    ['messages.interactive.button_reply', [{ type: 'message.received', subtype: 'button_reply' }]],
    [
      'messages.interactive.missing_payload_with_errors',
      [{ type: 'message.received', messageType: 'interactive' }, { type: 'errors.reported' }],
    ],
  ])('%s', (name, expected) => {
    const all = normalized(fixture(name));
    expect(all.map(({ event }) => event)).toMatchObject(expected);
    expect(all).toHaveLength(expected.length);
    for (const { topic, key, event } of all.filter((one) => one.topic === inbound)) {
      expect([topic, key]).toEqual([inbound, 'waId' in event ? event.waId : ADA.bsuid]);
      expect(event).toMatchObject({ wabaId: '200000000000001', phoneNumberId: '100000000000001' });
    }
  });
});

it('our own number is ours under its other spelling too', () => {
  const metadata = { display_phone_number: '+55 11 95550-0199', phone_number_id: '1' };
  const [to, from] = ['551155500199', '12025550101'];
  expect(events(bodyOf({ metadata, calls: [{ id: 'wacid.1', event: 'connect', timestamp: at, from, to }] }, 'calls'))).toMatchObject([
    { calledBy: 'person', waId: from },
  ]);
  expect(events(bodyOf({ metadata, messages: [{ id: 'w', timestamp: at, from: to, to: from }] }, 'history'))).toMatchObject([
    { author: 'business', waId: from },
  ]);
});

describe('calls', () => {
  const call = (differences: object) =>
    events(bodyOf({ calls: [{ id: 'wacid.1', event: 'connect', timestamp: at, ...differences }] }, 'calls'))[0];
  it.each<[string, object, object]>([
    ['by its direction', { direction: 'user_initiated', from: '1202', to: '12025550199' }, { calledBy: 'person', waId: '1202' }],
    ['by which end is ours', { from: '12025550199', to: '12025550101' }, { calledBy: 'business', waId: '12025550101' }],
    ['by which end is ours, the other way round', { from: 12025550101, to: '+12025550199' }, { calledBy: 'person', waId: '12025550101' }],
    ['nobody knows', { to: '12025550101' }, { calledBy: 'unknown', waId: '12025550101' }],
    [
      'by BSUID alone',
      { direction: 'BUSINESS_INITIATED', to_user_id: 'US.1', to_parent_user_id: 'US.ENT.1' },
      { bsuid: 'US.1', parentBsuid: 'US.ENT.1' },
    ],
  ])('who called: %s', (_case, differences, expected) => expect(call(differences)).toMatchObject(expected));
  it('a hash beside a call counts', () =>
    expect(
      events(
        bodyOf(
          {
            contacts: [{ wa_id: '1202', identity_key_hash: 'h' }],
            calls: [{ id: 'wacid.1', from: '1202', event: 'connect', timestamp: at }],
          },
          'calls',
        ),
      ),
    ).toMatchObject([{ type: 'call.reported', identityKeyHash: 'h' }]));
  it('a call’s status among the statuses of messages is a call’s', () =>
    expect(
      events(bodyOf({ statuses: [{ id: 'wacid.1', type: 'call', status: 'ACCEPTED', timestamp: at, recipient_id: '1202' }] })),
    ).toMatchObject([{ type: 'call.reported', event: 'accepted', waId: '1202' }]));
  it('each event of one call has an id of its own', () =>
    expect(call({ from: '1202' })?.id).not.toBe(call({ from: '1202', event: 'terminate' })?.id));
  it('one without an id is kept', () => expect(call({ id: null })).toMatchObject({ reason: 'call_id_missing' }));
});

describe('other shapes of the same', () => {
  it.each<[string, object, string, object]>([
    [
      'an echo to a group names nobody',
      { message_echoes: [{ id: 'w', timestamp: at, message: { to: 'G', recipient_type: 'group' } }] },
      'standby',
      { groupId: 'G', flags: ['person_missing'] },
    ],
    [
      'an echo by BSUID',
      { message_echoes: [{ id: 'w', timestamp: at, message: { recipient: 'US.1' } }] },
      'smb_message_echoes',
      { bsuid: 'US.1' },
    ],
    [
      'standby without its own level',
      { messages: [{ id: 'w', from: '1202', timestamp: at, type: 'text' }] },
      'standby',
      { standby: true, waId: '1202' },
    ],
    [
      'a thread known by BSUID',
      { history: [{ threads: [{ user_id: 'US.1', messages: [{ id: 'w', timestamp: at }] }] }] },
      'history',
      { type: 'message.imported', bsuid: 'US.1' },
    ],
    [
      'ids side by side',
      { user_id_update: [{ user_id: 'US.2', previous_user_id: 'US.1', timestamp: at }] },
      'user_id_update',
      { previous: { bsuid: 'US.1' }, current: { bsuid: 'US.2' } },
    ],
    [
      'a preference in capitals',
      { user_preferences: [{ wa_id: 1202, value: 'STOP', timestamp: at }] },
      'user_preferences',
      { preference: 'stop', waId: '1202' },
    ],
    [
      'a participant by BSUID',
      { groups: [{ group_id: 'G', type: 'x', timestamp: at, added_participants: [{ user_id: 'US.1' }] }] },
      'group_participant_update',
      { bsuid: 'US.1', groupId: 'G' },
    ],
    [
      'an entry without a number',
      { state_sync: [{ type: 'contact', contact: { user_id: 'US.1' }, metadata: { timestamp: at } }] },
      'smb_app_state_sync',
      { bsuid: 'US.1', action: 'unknown' },
    ],
  ])('%s', (_case, value, field, expected) => expect(events(bodyOf(value, field)).at(-1)).toMatchObject(expected));

  it.each<[string, object, string, string]>([
    ['a preference that nobody knows', { user_preferences: [{ wa_id: '1202', value: 'pause' }] }, 'user_preferences', 'preference:pause'],
    ['a state that is no contact', { state_sync: [{ type: 'label' }] }, 'smb_app_state_sync', 'state_sync:label'],
    ['an empty thread', { history: [{ threads: [{ id: '1202' }] }] }, 'history', 'empty_thread'],
    ['a group without an id', { groups: [{ type: 'x' }] }, 'group_status_update', 'shape'],
    ['a handover of nobody knows what', { recipient: { phone_number_id: '1' } }, 'messaging_handovers', 'shape'],
  ])('%s is kept', (_case, value, field, reason) =>
    expect(events(bodyOf(value, field)).at(-1)).toMatchObject({ type: 'webhook.unrecognized', reason }),
  );
});
