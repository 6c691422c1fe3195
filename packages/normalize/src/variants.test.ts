import { describe, expect, it } from '@jest/globals';
import { events, fixture, ofMessage, ofStatus } from './testing.ts';

const ADA = { waId: '12025550101' };
const OLD = { bsuid: 'US.40010000000000000101', parentBsuid: 'US.ENT.50010000000000000101' };
const NEW = { bsuid: 'US.40010000000000000202', parentBsuid: 'US.ENT.50010000000000000202' };
const block = { keyHash: 'Zml4dHVyZTI=', createdTimestamp: '1795133990' };

describe('system messages', () => {
  it.each<[string, object[]]>([
    ['user_changed_number', [{ type: 'number.changed', ...ADA, previous: ADA, current: { waId: '12025550102' } }]],
    [
      'user_changed_number.with_user_ids',
      [{ type: 'number.changed', previous: { ...ADA, ...OLD }, current: { waId: '12025550102', ...NEW } }],
    ],
    ['user_changed_user_id', [{ type: 'number.changed', ...OLD, previous: OLD, current: NEW }]],
    ['user_changed_user_id.feb2026', [{ type: 'number.changed', previous: { ...ADA, bsuid: OLD.bsuid }, current: { bsuid: NEW.bsuid } }]],
    ['customer_changed_number.legacy_v11', [{ type: 'number.changed', previous: ADA, current: { waId: '12025550102' } }]],
    ['customer_changed_number.legacy_v12', [{ type: 'number.changed', previous: ADA, current: { waId: '12025550102' } }]],
    ['customer_identity_changed', [{ type: 'identity.changed', variant: 'customer_identity_changed', ...ADA, legacyIdentity: block }]],
    ['customer_identity_changed.string_ack', [{ type: 'identity.changed', ...ADA, bsuid: OLD.bsuid, legacyIdentity: block }]],
    ['user_identity_changed.variant', [{ type: 'identity.changed', variant: 'user_identity_changed', ...ADA, legacyIdentity: block }]],
    ['user_preference_changed.legacy', [{ type: 'preference.changed', ...ADA, category: 'marketing', preference: 'stop' }]],
    [
      'unknown_subtype',
      [
        { type: 'message.received', messageType: 'system', ...ADA },
        { type: 'webhook.unrecognized', reason: 'system_type:user_did_a_new_thing', fragment: { from: '12025550101' } },
      ],
    ],
  ])('%s', (name, expected) => {
    const found = events(fixture(`messages.system.${name}`));
    expect(found).toMatchObject(expected);
    expect(found).toHaveLength(expected.length);
  });

  it('nobody can choose a name that makes another one the holder of before', () => {
    const body = 'User x changed from US.1 to US.2 changed from US.7 to US.9';
    const [event] = ofMessage({ type: 'system', system: { type: 'user_changed_user_id', user_id: 'US.2', body } });
    expect(event?.previous).toEqual(ADA);
  });

  it('the sender of after is not taken for the one of before', () => {
    const [event] = ofMessage({
      from_user_id: 'US.2',
      type: 'system',
      system: { type: 'user_changed_number', wa_id: '12025550102', user_id: 'US.2' },
    });
    expect(event).toMatchObject({ previous: ADA, current: { waId: '12025550102', bsuid: 'US.2' } });
  });

  it.each([
    ['a change to nobody knows whom', { type: 'user_changed_number' }],
    ['a change of nobody knows whom', { type: 'user_changed_user_id', user_id: 'US.2' }],
  ])('%s is told of the side that can be read', (_case, system) => {
    const from = 'user_id' in system ? undefined : '12025550101';
    expect(ofMessage({ from, type: 'system', system })).toMatchObject([
      { type: 'number.changed', ...('user_id' in system ? { bsuid: 'US.2', previous: {} } : { waId: from, current: {} }) },
    ]);
  });

  it('a hash beside a notice that has no place for it is carried by the message as such', () => {
    const beside = { contacts: [{ wa_id: '12025550101', identity_key_hash: 'h2' }] };
    expect(ofMessage({ type: 'system', system: { type: 'customer_identity_changed' } }, beside)).toMatchObject([
      { type: 'identity.changed', legacyIdentity: {} },
      { type: 'message.received', identityKeyHash: 'h2' },
    ]);
    expect(
      ofMessage({ type: 'system', identity: { hash: 'h2' }, system: { type: 'user_changed_number', wa_id: '12025550102' } }),
    ).toMatchObject([{ type: 'number.changed' }, { type: 'webhook.unrecognized', reason: 'identity_beside:user_changed_number' }]);
  });

  it('the hash beside a legacy notice is that of whom the notice names', () => {
    const system = { type: 'customer_identity_changed', customer: '12025550101' };
    const beside = { contacts: [{ wa_id: '12025550101', identity_key_hash: 'h2' }] };
    const [, carrier] = ofMessage({ from: undefined, type: 'system', system }, beside);
    expect(carrier).toMatchObject({ type: 'message.received', ...ADA, identityKeyHash: 'h2' });
    expect(carrier).not.toHaveProperty('flags');
  });

  it('a notice without a message id has the id of its content', () => {
    const notice = { id: undefined, type: 'system', system: { type: 'user_changed_number', wa_id: '12025550102' } };
    expect(ofMessage(notice)[0]).toMatchObject({ type: 'number.changed', id: expect.stringMatching(/^[\w-]{22}$/) });
    expect(ofMessage(notice)[0]?.id).toBe(ofMessage(notice)[0]?.id);
    expect(ofMessage({ ...notice, timestamp: '1795132801' })[0]?.id).not.toBe(ofMessage(notice)[0]?.id);
  });
});

describe('legacy identity blocks', () => {
  it.each<[string, unknown, object]>([
    ['as printed', { hash: 'h', created_timestamp: '1795133990', acknowledged: false }, { keyHash: 'h', createdTimestamp: '1795133990' }],
    [
      'numbers for strings, acknowledged elsewhere',
      { hash: 'h', created_timestamp: 1795133990, acknowledged: 'true' },
      { keyHash: 'h', createdTimestamp: '1795133990' },
    ],
    ['no hash', { acknowledged: true }, {}],
    ['the hash itself', 'h', { keyHash: 'h' }],
  ])('%s', (_case, identity, legacyIdentity) => {
    const [event] = ofMessage({ identity });
    expect(event?.legacyIdentity).toEqual(legacyIdentity);
    expect(event?.flags).toBeUndefined();
  });
  it('none is none', () => expect(ofMessage({ identity: null })[0]).not.toHaveProperty('legacyIdentity'));
});

describe('statuses', () => {
  it.each([['recipient_parent_user_id'], ['parent_recipient_user_id'], ['parent_user_id']])('the parent is read as %s', (key) =>
    expect(ofStatus({ [key]: 'US.ENT.1' })[0]).toMatchObject({ ...ADA, parentBsuid: 'US.ENT.1' }),
  );
  it.each([['recipient_participant_id'], ['participant_recipient_id']])('in a group the participant is the person, as %s', (key) =>
    expect(ofStatus({ recipient_id: 'group', [key]: '12025550103' })[0]).toMatchObject({ waId: '12025550103', groupId: 'group' }),
  );
  it.each([['recipient_participant_id'], ['participant_recipient_user_id'], ['recipient_participant_parent_user_id']])(
    'an empty %s makes no group of a person: a refused hash counts',
    (key) => {
      const [event] = ofStatus({ [key]: '', status: 'failed', errors: [{ code: 137000 }] });
      expect(event).toMatchObject({ ...ADA, errorCodes: [137000] });
      expect([event?.groupId, event?.flags]).toEqual([undefined, undefined]);
    },
  );
  it('an empty id is not taken for the one that stands under another spelling', () =>
    expect(ofStatus({ recipient_parent_user_id: '', parent_user_id: 'US.ENT.1' })[0]).toMatchObject({ parentBsuid: 'US.ENT.1' }));
  it('each participant has a status of its own', () => {
    const ids = events(fixture('statuses.group_aggregated')).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
  it('a status that nobody knows counts, beside a word that nobody knows it', () =>
    expect(ofStatus({ status: 'Teleported' })).toMatchObject([
      { type: 'status.reported', status: 'teleported' },
      { type: 'webhook.unrecognized', reason: 'delivery_status:teleported' },
    ]));
  it('a payment is no delivery', () =>
    expect(events(fixture('statuses.payment'))).toMatchObject([{ subject: 'payment', status: 'captured', ...ADA }]));
  it('error codes come as numbers and as text, once each', () =>
    expect(
      ofStatus({ errors: [{ code: 137000 }, { code: '137000' }, { code: '131050' }, {}, null, { code: '' }, 7] })[0]?.errorCodes,
    ).toEqual([137000, 131050]));
  it('a hash that came with its contact counts, and a second one is told', () => {
    const contacts = [{ wa_id: '12025550101', user_id: 'US.1', identity_key_hash: 'h2' }];
    expect(ofStatus({}, { contacts })).toMatchObject([{ ...ADA, bsuid: 'US.1', identityKeyHash: 'h2' }]);
    expect(ofStatus({}, { contacts })).toHaveLength(1);
    expect(ofStatus({ recipient_identity_key_hash: 'h2' }, { contacts })).toHaveLength(1);
    expect(ofStatus({ recipient_identity_key_hash: '' }, { contacts }).map(({ identityKeyHash }) => identityKeyHash)).toEqual(['h2']);
    expect(ofStatus({ recipient_identity_key_hash: 'h1' }, { contacts })).toMatchObject([
      { type: 'status.reported', identityKeyHash: 'h1' },
      { reason: 'contact_without_item', fragment: { identity_key_hash: 'h2' }, source: { path: '/entry/0/changes/0/value/contacts/0' } },
    ]);
  });
  it('the hash, and where the price stands', () =>
    expect(ofStatus({ recipient_identity_key_hash: 'h', conversation: { pricing: { category: 'utility' } } })[0]).toMatchObject({
      identityKeyHash: 'h',
      pricingCategory: 'utility',
    }));
});
