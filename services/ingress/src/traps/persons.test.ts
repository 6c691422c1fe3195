import { describe, expect, it } from '@jest/globals';
import { canonicalWaId, carriedBy } from '@keyturn/domain';
import { bodyOf, events, fixture, ofMessage, ofStatus, SENT_AT, text } from '@keyturn/normalize/testing';
import { startLine } from '@keyturn/testkit/line-in-memory';

const ADA = 'w:12025550101';
const BSUID = 'u:200000000000001:US.40010000000000000101';
const at = (seconds: number) => ({ timestamp: String(SENT_AT + seconds) });

describe('who is who', () => {
  it('trap 16: the spellings of one number are one person', () => {
    expect(canonicalWaId('551155500101')).toBe(canonicalWaId('5511955500101'));
    expect(canonicalWaId('5215512345678')).toBe(canonicalWaId('525512345678'));
    const line = startLine().take(
      fixture('messages.br_wa_id_mismatch'),
      bodyOf({
        statuses: [{ id: 'w', status: 'sent', ...at(0), recipient_id: '5511955500101', recipient_user_id: 'BR.40010000000000000301' }],
      }),
    );
    expect(line.persons()).toBe(1);
    expect(line.person('w:5511955500101')?.contact.profileName).toBe('Bia Fixture');
  });
  it('trap 17: somebody without a number is known by BSUID, and by both once the number shows', () => {
    expect(events(fixture('messages.text.bsuid_only'))[0]).not.toHaveProperty('waId');
    const [bare] = ofMessage({ from: undefined, from_user_id: 'US.1' });
    expect([bare?.bsuid, bare?.flags]).toEqual(['US.1', undefined]);
    const line = startLine().take(fixture('messages.text.bsuid_only'));
    const alone = line.person(BSUID)?.contactId;
    expect(alone).toBeDefined();
    line.take(fixture('messages.text'));
    expect([line.person(BSUID)?.contactId, line.person(ADA)?.contactId]).toEqual([alone, alone]);
  });
  it('trap 18: the same BSUID in another account is another identifier', () => {
    const [one] = carriedBy({ bsuid: 'US.1' }, '200000000000001') ?? [];
    const [other] = carriedBy({ bsuid: 'US.1' }, '200000000000002') ?? [];
    expect(one).not.toBe(other);
    const elsewhere = JSON.parse(
      JSON.stringify(bodyOf({ messages: [text({ from: undefined, from_user_id: 'US.1', ...at(1) })] })).replace(
        '200000000000001',
        '200000000000002',
      ),
    );
    const line = startLine().take(bodyOf({ messages: [text({ from: undefined, from_user_id: 'US.1' })] }), elsewhere);
    expect(line.persons()).toBe(2);
  });
  it.each([['recipient_parent_user_id'], ['parent_recipient_user_id'], ['parent_user_id']])('trap 19: the parent is read as %s', (key) =>
    expect(ofStatus({ [key]: 'US.ENT.1' })[0]).toMatchObject({ parentBsuid: 'US.ENT.1' }),
  );
  it('trap 20: with a number change the block goes along, and neither opt-in nor window; whoever writes from the old number is a stranger', () => {
    const line = startLine().take(fixture('messages.text'), fixture('messages.system.user_changed_number'));
    const moved = line.person('w:12025550102');
    expect(moved).toMatchObject({
      identity: { status: 'blocked' },
      contact: { serviceWindows: [] },
      consent: { service: { status: 'none' } },
    });
    expect(moved?.contactId).toBe(line.person(ADA, SENT_AT)?.contactId);
    line.take(bodyOf({ messages: [text({ id: 'wamid.stranger', ...at(90_000) })] }));
    expect(line.person(ADA)?.contactId).not.toBe(moved?.contactId);
    expect(line.person(ADA)?.contact.firstSeenAt).toBe(new Date((SENT_AT + 90_000) * 1_000).toISOString());
  });
  it('trap 21: a change that names BSUIDs alone is read, and blocks', () => {
    const [event] = events(fixture('messages.system.user_changed_user_id'));
    expect(event).toMatchObject({
      type: 'number.changed',
      previous: { bsuid: 'US.40010000000000000101' },
      current: { bsuid: 'US.40010000000000000202' },
    });
    expect(event).not.toHaveProperty('flags');
    const line = startLine().take(fixture('messages.text'), fixture('messages.system.user_changed_user_id'));
    expect(line.person('u:200000000000001:US.40010000000000000202')).toMatchObject({ identity: { status: 'blocked' } });
  });
  it('trap 21: a change told as a field and as a notice is one change', () => {
    const [notice, field] = [fixture('messages.system.user_changed_number.with_user_ids'), fixture('user_id_update')];
    for (const reports of [
      [notice, field],
      [field, notice],
    ]) {
      const line = startLine().take(fixture('messages.text'), ...reports);
      expect(line.person('w:12025550102')?.contactId).toBe(line.person(ADA, SENT_AT)?.contactId);
      expect(line.person('u:200000000000001:US.40010000000000000202')?.contactId).toBe(line.person('w:12025550102')?.contactId);
    }
  });
  it('trap 22: a shared card is about a third person, and only the answer to our request is about the sender', () => {
    const line = startLine().take(fixture('messages.contacts'));
    expect(line.person('w:12025550104')).toBeUndefined();
    expect(line.persons()).toBe(1);
    const card = { type: 'contacts', contacts: [{ origin: 'other', phones: [{ wa_id: '12025550104' }] }] };
    expect(ofMessage({ from: undefined, from_user_id: 'US.1', ...card })[0]).not.toHaveProperty('waId');
    expect(events(fixture('messages.contacts.contact_request'))[0]).toMatchObject({
      waId: '12025550101',
      bsuid: 'US.40010000000000000101',
    });
  });
  it('trap 23: in a group the participant wrote, to nobody alone', () => {
    const line = startLine().take(fixture('messages.group_text'));
    expect(line.person(ADA)).toMatchObject({
      contact: { serviceWindows: [], lastSeenAt: '2026-11-20T00:00:00.000Z' },
      consent: { service: { status: 'none' } },
    });
    expect(line.person('w:Z3JvdXAtZml4dHVyZS0wMDE')).toBeUndefined();
    expect(ofMessage({ group_id: 'G' })[0]).toMatchObject({ waId: '12025550101', groupId: 'G' });
  });
  it('trap 24: history, address books and cards link nobody, open nothing and move no time', () => {
    const claims = ['history.threads', 'history.media', 'smb_app_state_sync.add', 'smb_app_state_sync.remove'].map(fixture);
    expect(
      startLine()
        .take(...claims)
        .persons(),
    ).toBe(0);
    const line = startLine().take(fixture('messages.text'));
    const before = line.person(ADA);
    line.take(
      ...claims,
      bodyOf(
        { state_sync: [{ type: 'contact', action: 'add', contact: { phone_number: '12025550101', user_id: 'US.9' }, metadata: at(60) }] },
        'smb_app_state_sync',
      ),
    );
    expect(line.person(ADA)).toEqual(before);
    expect(line.person('u:200000000000001:US.9')).toBeUndefined();
  });
  it('trap 34: a block holds under the number in any spelling, the BSUID and its parent', () => {
    const ids = { from_user_id: 'BR.1', from_parent_user_id: 'BR.ENT.1' };
    const hashed = (hash: string, from: string, seconds: number) =>
      bodyOf({
        contacts: [{ wa_id: from, identity_key_hash: hash }],
        messages: [text({ from, ...ids, id: `wamid.${hash}`, ...at(seconds) })],
      });
    const line = startLine().take(hashed('h1', '551155500101', 0), hashed('h2', '5511955500101', 60));
    const waba = '200000000000001';
    for (const identifier of ['w:5511955500101', `u:${waba}:BR.1`, `p:${waba}:BR.ENT.1`] as const) {
      expect([identifier, line.person(identifier)?.identity.status]).toEqual([identifier, 'blocked']);
    }
  });
  it('trap 37: our own number registered anew says nothing of any contact', () => {
    expect(events(fixture('account_update.partner_removed.user_re_registered'))).toMatchObject([
      { type: 'account.updated', disconnection: { reason: 'USER_RE_REGISTERED' } },
    ]);
    const line = startLine().take(
      fixture('messages.identity_key_hash'),
      fixture('account_update.partner_removed.user_re_registered'),
      fixture('security.pin_changed'),
    );
    expect(line.person(ADA)?.identity.status).toBe('clear');
  });
});
