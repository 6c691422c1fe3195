import { describe, expect, it } from '@jest/globals';
import { bodyOf, events, fixture, normalized, ofMessage, RECEIVED_AT, SENT_AT, status, text } from './testing.ts';

describe('who wrote', () => {
  const contact = {
    profile: { name: 'Ada', username: '@ada' },
    wa_id: '12025550101',
    user_id: 'US.1',
    parent_user_id: 'US.ENT.1',
    identity_key_hash: 'h1',
  };
  const other = { profile: { name: 'Cy' }, wa_id: '12025550103', user_id: 'US.3', identity_key_hash: 'h3' };

  it('contacts are found by id, whatever their order', () => {
    const messages = [text(), text({ id: 'wamid.C', from: '12025550103' })];
    expect(events(bodyOf({ contacts: [other, contact], messages }))).toMatchObject([
      { waId: '12025550101', bsuid: 'US.1', parentBsuid: 'US.ENT.1', profileName: 'Ada', username: 'ada', identityKeyHash: 'h1' },
      { waId: '12025550103', bsuid: 'US.3', profileName: 'Cy', identityKeyHash: 'h3' },
    ]);
  });
  it('a lone contact is not taken for the sender', () =>
    expect(ofMessage({}, { contacts: [other] })).toMatchObject([
      { waId: '12025550101' },
      { reason: 'contact_without_item', fragment: other, source: { path: '/entry/0/changes/0/value/contacts/0' } },
    ]));
  it('what the message says of itself wins, and an entry that contradicts it lends no identifier', () => {
    const [event] = ofMessage({ from_user_id: 'US.9' }, { contacts: [contact] });
    expect(event).toMatchObject({ waId: '12025550101', bsuid: 'US.9', identityKeyHash: 'h1' });
    expect(event).not.toHaveProperty('parentBsuid');
  });
  it('two spellings of a number are one', () =>
    expect(ofMessage({ from: '5511955500101' }, { contacts: [{ wa_id: '551155500101', identity_key_hash: 'h' }] })).toMatchObject([
      { waId: '5511955500101', identityKeyHash: 'h' },
    ]));
  it('a second, other hash for one person is told, an equal one is not', () => {
    expect(ofMessage({}, { contacts: [contact, contact] })).toHaveLength(1);
    expect(ofMessage({}, { contacts: [contact, { ...contact, identity_key_hash: 'h2' }] })).toMatchObject([
      { identityKeyHash: 'h1' },
      { reason: 'contact_without_item', fragment: { identity_key_hash: 'h2' } },
    ]);
  });
  it('a shared card is about a third person, the answer to our request for the number is about the sender', () => {
    expect(events(fixture('messages.contacts'))[0]).toMatchObject({ waId: '12025550101' });
    expect(events(fixture('messages.contacts.contact_request'))[0]).toMatchObject({
      waId: '12025550101',
      bsuid: 'US.40010000000000000101',
    });
    const card = { origin: 'other', phones: [{ wa_id: '12025550104' }] };
    expect(ofMessage({ from: undefined, from_user_id: 'US.1', type: 'contacts', contacts: [card] })[0]).not.toHaveProperty('waId');
  });
  it.each([
    ['a number as a number, a phone number id as one', { from: 12025550101 }, { waId: '12025550101' }],
    ['a number with + and blanks', { from: '+1 (202) 555-0101' }, { waId: '12025550101' }],
    ['null and empty are left out', { from: '', from_user_id: 'US.1', from_parent_user_id: null }, { bsuid: 'US.1' }],
  ])('%s', (_case, differences, expected) => expect(ofMessage(differences)[0]).toMatchObject(expected));
});

describe('what it says', () => {
  it.each([
    ['messages.text.reply_context', { wamid: 'wamid.Zngtb3V0LTE=', author: 'business' }],
    ['messages.text.forwarded', undefined],
    ['messages.text.frequently_forwarded', undefined],
    ['messages.text', undefined],
  ])('%s answers %p', (name, replyTo) => expect(events(fixture(name))[0]?.replyTo).toEqual(replyTo));
  it.each<[string, object, string]>([
    ['their own', { id: 'wamid.X', from: '12025550101' }, 'person'],
    ['their own, by BSUID', { id: 'wamid.X', from_user_id: 'US.1' }, 'person'],
    ['nobody knows whose', { id: 'wamid.X' }, 'unknown'],
    ['our own, spelled with +', { id: 'wamid.X', from: '+12025550199' }, 'business'],
  ])('a reply to %s', (_case, context, author) => expect(ofMessage({ context, from_user_id: 'US.1' })[0]?.replyTo?.author).toBe(author));
  it.each([
    ['5511955500199', '551155500199'],
    ['525512345678', '5215512345678'],
    ['5491123456789', '541123456789'],
  ])('a reply to our number is one under its other spelling too: %s, shown as +%s', (from, shown) => {
    const metadata = { display_phone_number: `+${shown}`, phone_number_id: '1' };
    const [one] = normalized(bodyOf({ metadata, messages: [text({ context: { id: 'wamid.X', from } })] }));
    expect([one?.event, one?.facets]).toMatchObject([{ replyTo: { author: 'business' } }, ['window']]);
  });
  it('the ad', () =>
    expect(events(fixture('messages.text.ctwa_referral'))[0]?.referral).toEqual({
      sourceType: 'ad',
      sourceId: '600000000000000001',
      ctwaClid: 'FIXTURE_CLID_0001',
    }));
  it('no text of a message leaves the webhooks topic', () =>
    expect(JSON.stringify(events(fixture('messages.text')))).not.toContain('Sundays'));
  it('names are bounded and storable', () => {
    const [event] = ofMessage({}, { contacts: [{ wa_id: '12025550101', profile: { name: `\0\ud800${'x'.repeat(600)}` } }] });
    expect(event?.profileName).toBe(`\u{fffd}${'x'.repeat(510)}`);
  });
});

describe('facets', () => {
  it.each<[string, string]>([
    ['messages.text', 'consent,link,window'],
    ['messages.text.pre_bsuid', 'consent,window'],
    ['messages.identity_key_hash', 'consent,hash,link,window'],
    ['messages.text.identity_block', 'consent,hash,window'],
    ['messages.text.reply_context', 'link,window'],
    ['messages.text.forwarded', 'consent,link,window'],
    ['messages.reaction', 'link,window'],
    ['messages.edit', 'link'],
    ['messages.revoke', 'link'],
    ['messages.group_text', 'link'],
    ['messages.request_welcome', 'consent,link,window'],
    ['messages.unsupported', 'consent,link,window'],
    ['messages.order', 'consent,link,window'],
    ['messages.interactive.call_permission_reply.accept', 'link,window'],
    ['messages.button.stop_promotions', 'consent,link,window'],
    ['messages.system.unknown_subtype', ''],
    ['messages.system.user_changed_number', 'number'],
    ['messages.system.customer_identity_changed', 'hash'],
    ['messages.system.user_preference_changed.legacy', 'consent'],
    ['statuses.delivered', 'link,status'],
    ['statuses.delivered.identity_key_hash', 'hash,link,status'],
    ['statuses.failed.137000', 'error,status'],
    ['statuses.failed.131050', 'consent,error,status'],
    ['statuses.payment', ''],
    ['history.media', ''],
    ['smb_app_state_sync.add', ''],
    ['smb_message_echoes.text', 'link,status'],
    ['standby.inbound', 'consent,link,window'],
    ['standby.message_echo', 'status'],
    ['standby.status', 'link,status'],
    ['calls.connect.user_initiated', 'consent,link,window'],
    ['calls.connect.business_initiated', 'link'],
    ['calls.terminate', 'link'],
    ['calls.status.ringing', 'link'],
    ['user_preferences.stop', 'consent,link'],
    ['user_preferences.stop.no_profile', 'consent'],
    ['user_id_update', 'number'],
    ['messaging_handovers.control_taken', ''],
    ['group_participants_update.join_request', ''],
  ])('%s carries %s', (name, facets) => expect(normalized(fixture(name))[0]?.facets.join(',')).toBe(facets));
});

describe('flags', () => {
  const long = 'x'.repeat(600);
  it.each<[string, object, string[]]>([
    ['the year 3000', { timestamp: '32503680000' }, ['time_impossible']],
    ['milliseconds for seconds', { timestamp: `${SENT_AT}000` }, ['time_impossible']],
    ['before there was WhatsApp', { timestamp: '1230767999' }, ['time_impossible']],
    ['no time', { timestamp: undefined }, ['time_impossible']],
    ['no number for a time', { timestamp: 'now' }, ['time_impossible']],
    ['a wamid longer than any', { id: `wamid.${long}` }, ['id_impossible']],
    ['a wamid with NUL', { id: 'wamid.\0' }, ['id_impossible']],
    ['a BSUID longer than any', { from_user_id: long }, ['id_impossible']],
    ['a number that is none', { from: 'Ada' }, ['id_impossible', 'person_missing']],
    ['a number that lost digits', { from: 2 ** 60 }, ['id_impossible', 'person_missing']],
    ['a reply to an impossible id', { context: { id: long } }, ['id_impossible']],
    ['an empty hash in a block', { identity: { hash: '' } }, ['hash_impossible']],
    ['nobody', { from: undefined }, ['person_missing']],
  ])('%s: kept; without a time or a person for nothing, else without that field', (_case, differences, flags) => {
    const [one, ...more] = normalized(bodyOf({ messages: [text({ identity: { hash: 'h' }, ...differences })] }));
    expect(one).toMatchObject({ event: { type: 'message.received', flags } });
    const isVoid = flags.includes('time_impossible') || flags.includes('person_missing');
    expect(one?.facets.includes('hash')).toBe(!isVoid);
    if (isVoid) expect(one?.facets).toEqual([]);
    expect(more).toEqual([]);
    if (flags.includes('time_impossible')) expect(one?.event.occurredAt).toBe(RECEIVED_AT.toISOString());
  });
  it.each([[''], ['x'.repeat(257)], [{}], ['a\nb']])('a hash that cannot be is left out: %p', (hash) => {
    const [event] = ofMessage({}, { contacts: [{ wa_id: '12025550101', identity_key_hash: hash }] });
    expect(event).toMatchObject({ flags: ['hash_impossible'] });
    expect(event).not.toHaveProperty('identityKeyHash');
  });
  it.each([
    ['2009 begins', 1_230_768_000, false],
    ['an hour ahead', Math.floor(RECEIVED_AT.getTime() / 1000) + 3_600, false],
    ['more than an hour ahead', Math.floor(RECEIVED_AT.getTime() / 1000) + 3_602, true],
  ])('%s', (_case, timestamp, flagged) => expect(ofMessage({ timestamp })[0]?.flags !== undefined).toBe(flagged));
});

describe('partition keys', () => {
  const keys = (value: object) => normalized(bodyOf(value)).map(({ key }) => key);
  it('one spelling of a number, else the BSUID, else its parent', () => {
    const messages = [
      text({ from: '551155500101' }),
      text({ from: '5511955500101' }),
      text({ from: undefined, from_user_id: 'US.1', from_parent_user_id: 'US.ENT.1' }),
      text({ from: undefined, from_parent_user_id: 'US.ENT.1' }),
    ];
    expect(keys({ messages })).toEqual(['5511955500101', '5511955500101', 'US.1', 'US.ENT.1']);
    expect(keys({ statuses: [status()] })).toEqual(['12025550101']);
  });
  it('what is about nobody goes by WABA, else by the body', () => {
    expect(keys({ user_actions: [{}] })).toEqual(['200000000000001']);
    expect(normalized(Buffer.from('{'))[0]?.key).toMatch(/^[0-9a-f]{64}$/);
  });
});
