import { describe, expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { outboundFact } from '@keyturn/domain';
import { bodyOf, events, fixture, RECEIVED_AT, SENT_AT, text } from '@keyturn/normalize/testing';
import { startLine } from '@keyturn/testkit/line-in-memory';

const ADA = 'w:12025550101';
const OURS = '100000000000001';
const instant = (seconds: number) => new Date((SENT_AT + seconds) * 1_000).toISOString();
const at = (seconds: number) => ({ timestamp: String(SENT_AT + seconds) });
const after = (...names: readonly string[]) =>
  startLine()
    .take(...names.map(fixture))
    .person(ADA);
const preference = (value: string, seconds: number) =>
  bodyOf(
    { user_preferences: [{ wa_id: '12025550101', category: 'marketing_messages', value, timestamp: SENT_AT + seconds }] },
    'user_preferences',
  );

describe('opt-in', () => {
  it.each([
    ...['statuses.delivered', 'statuses.read', 'smb_message_echoes.text', 'standby.message_echo', 'history.threads', 'history.media'],
    ...['messages.system.user_changed_number', 'messages.system.unknown_subtype', 'messages.reaction', 'messages.edit', 'messages.revoke'],
    ...['messages.text.reply_context', 'messages.interactive.call_permission_reply.accept', 'messages.button', 'messages.group_text'],
    ...[
      'group_participants_update.add',
      'automatic_events.purchase',
      'messages.user_actions.link_click',
      'calls.connect.business_initiated',
    ],
  ])('trap 38: %s is nothing that the customer began', (name) => {
    const person = after(name);
    for (const { status } of Object.values(person?.consent ?? {})) expect([name, status]).toEqual([name, 'none']);
  });
  it.each([
    ...['messages.unsupported', 'messages.unsupported.131060', 'messages.request_welcome', 'messages.text.ctwa_referral'],
    ...['messages.order', 'calls.connect.user_initiated', 'standby.inbound', 'messages.text.forwarded'],
  ])('trap 39: %s is a thread that the customer began', (name) => {
    expect(after(name)?.consent).toMatchObject({
      service: { status: 'opted_in' },
      utility: { status: 'opted_in' },
      marketing: { status: 'none' },
    });
  });
  it('trap 40: a forwarded message has a context and answers nothing', () => {
    expect(events(fixture('messages.text.forwarded'))[0]).not.toHaveProperty('replyTo');
    expect(events(fixture('messages.text.frequently_forwarded'))[0]).not.toHaveProperty('replyTo');
    expect(events(fixture('messages.text.reply_context'))[0]?.replyTo).toMatchObject({ author: 'business' });
    expect(after('messages.text.frequently_forwarded')?.consent).toMatchObject({ service: { status: 'opted_in' } });
  });
  it('trap 41: no message undoes a stop; a resumption and a sign-up do', () => {
    const line = startLine().take(
      fixture('messages.text'),
      preference('stop', 60),
      bodyOf({ messages: [text({ id: 'wamid.later', ...at(120) })] }),
    );
    expect(line.person(ADA)?.consent.marketing.status).toBe('opted_out');
    expect(line.take(preference('resume', 180)).person(ADA)?.consent.marketing).toMatchObject({ status: 'opted_in', source: 'platform' });
    expect(line.take(preference('stop', 240)).person(ADA)?.consent.marketing.status).toBe('opted_out');
    expect(line.take(preference('signup', 300)).person(ADA)?.consent.marketing).toMatchObject({
      status: 'opted_in',
      source: 'in_app_signup',
    });
  });
  it.each([
    ['messages.button.stop_promotions'],
    ['statuses.failed.131050'],
    ['user_preferences.stop'],
    ['messages.system.user_preference_changed.legacy'],
  ])('trap 42: %s stops marketing', (name) => expect(after(name)?.consent.marketing.status).toBe('opted_out'));
  it('trap 42: so do words', () =>
    expect(
      startLine()
        .take(bodyOf({ messages: [text({ text: { body: 'STOP' } })] }))
        .person(ADA)?.consent.marketing.status,
    ).toBe('opted_out'));
  it('trap 43: of several preferences in one body the latest counts, wherever it stands', () => {
    expect(events(fixture('user_preferences.stop_resume_same_post')).map(({ preference: said }) => said)).toEqual(['resume', 'stop']);
    expect(after('user_preferences.stop_resume_same_post')?.consent.marketing.status).toBe('opted_in');
    const reversed = JSON.parse(fixture('user_preferences.stop_resume_same_post').toString());
    reversed.entry[0].changes[0].value.user_preferences.reverse();
    expect(startLine().take(reversed).person(ADA)?.consent.marketing.status).toBe('opted_in');
    const all = [preference('stop', 180), preference('resume', 120), preference('stop', 60)];
    for (const order of [all, all.toReversed()]) {
      expect(
        startLine()
          .take(...order)
          .person(ADA)?.consent.marketing.status,
      ).toBe('opted_out');
    }
  });
  it('trap 44: a window runs from the message’s time, however late it is delivered', () => {
    const receivedAt = new Date(RECEIVED_AT.getTime() + 6 * 86_400_000);
    const line = startLine({ receivedAt }).take(fixture('messages.text'));
    expect(line.person(ADA)?.contact.serviceWindows).toEqual([{ phoneNumberId: OURS, endsAt: instant(86_400) }]);
  });
  it('trap 45: a call of theirs opens the window, ours and its end do not', () => {
    expect(after('calls.connect.user_initiated')?.contact.serviceWindows).toEqual([{ phoneNumberId: OURS, endsAt: instant(86_410) }]);
    for (const name of ['calls.connect.business_initiated', 'calls.terminate', 'calls.status.ringing']) {
      expect(after(name)?.contact.serviceWindows ?? []).toEqual([]);
    }
  });
});

describe('statuses', () => {
  it('trap 46: each status of a message is a fact of its own, so none overwrites another, whichever comes first', () => {
    const all = events(fixture('statuses.delivered_after_read'));
    expect(all.map(({ status }) => status)).toEqual(['read', 'delivered']);
    expect(new Set(all.map(({ id }) => id)).size).toBe(2);
    const bodies = ['statuses.sent', 'statuses.read', 'statuses.delivered', 'statuses.played', 'statuses.failed.131026'].map(fixture);
    expect(
      startLine()
        .take(...bodies)
        .person(ADA),
    ).toEqual(
      startLine()
        .take(...bodies.toReversed())
        .person(ADA),
    );
  });
  it('trap 46: each says how far the message got, by rank: a voice message played was read, a failure and a word nobody knows are no arrival', () => {
    const named = ['failed.131026', 'sent', 'delivered', 'read', 'played', 'unknown_status', 'payment', 'deleted.legacy'];
    const ranks = named.map((name) =>
      events(fixture(`statuses.${name}`)).map((event) => outboundFact(event as InboundEvent, 'n')?.rank ?? null),
    );
    expect(ranks).toEqual([[0], [1], [2], [3], [3], [null, null], [null], [null]]);
  });
  it('trap 47: the status of a call is a call’s, and that of a payment no delivery', () => {
    expect(events(fixture('calls.status.ringing'))).toMatchObject([
      { type: 'call.reported', event: 'ringing', callId: expect.stringMatching(/^wacid/) },
    ]);
    expect(
      events(bodyOf({ statuses: [{ id: 'wacid.1', type: 'call', status: 'REJECTED', ...at(0), recipient_id: '1202' }] })),
    ).toMatchObject([{ type: 'call.reported', event: 'rejected' }]);
    expect(events(fixture('statuses.payment'))).toMatchObject([{ type: 'status.reported', subject: 'payment', status: 'captured' }]);
    const failed = bodyOf({
      statuses: [{ id: 'w', type: 'payment', status: 'failed', ...at(0), recipient_id: '12025550101', errors: [{ code: 137000 }] }],
    });
    expect(startLine().take(fixture('messages.identity_key_hash'), failed).person(ADA)?.identity.status).toBe('clear');
  });
  it('trap 48: what failed for a participant of a group says nothing of the others', () => {
    const participant = (id: string, status: string, more = {}) => ({
      id: 'wamid.G',
      status,
      ...at(0),
      recipient_type: 'group',
      recipient_id: 'G',
      recipient_participant_id: id,
      ...more,
    });
    const statuses = [participant('12025550101', 'failed', { errors: [{ code: 137000 }] }), participant('12025550103', 'delivered')];
    const all = events(bodyOf({ statuses }));
    expect(all.map(({ waId, groupId, status }) => [waId, groupId, status])).toEqual([
      ['12025550101', 'G', 'failed'],
      ['12025550103', 'G', 'delivered'],
    ]);
    const bothFailed = [participant('12025550101', 'failed'), participant('12025550103', 'failed')];
    expect(new Set(events(bodyOf({ statuses: bothFailed })).map(({ id }) => id)).size).toBe(2);
    const line = startLine().take(bodyOf({ statuses }));
    expect([line.person(ADA)?.identity.status, line.person('w:12025550103')?.identity.status ?? 'unknown']).toEqual(['blocked', 'unknown']);
  });
  it('trap 50: a click is nobody’s, not even that of who wrote last', () => {
    const [click, ...more] = events(fixture('messages.user_actions.link_click'));
    expect([click?.type, click?.waId, click?.bsuid, more]).toEqual(['link.clicked', undefined, undefined, []]);
    const line = startLine().take(fixture('messages.text'));
    const before = line.person(ADA);
    expect(line.take(fixture('messages.user_actions.link_click')).person(ADA)).toEqual(before);
  });
});
