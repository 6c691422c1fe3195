import { describe, expect, it } from '@jest/globals';
import { AccountEvent } from '@keyturn/contracts';
import { stepEvents } from './items.ts';
import { contactBook } from './payload/contacts.ts';
import { bodyOf, events, fixture, normalized, RECEIVED_AT, status, text } from './testing.ts';

const path = '/entry/0/changes/0';
const ownedBy = (id: string) => bodyOf({ metadata: { phone_number_id: id }, messages: [text()] });
describe('what nobody knows is kept with its fragment, place and reason', () => {
  it.each<[string, object | Buffer, string, string, unknown]>([
    ['another field', bodyOf({ x: 1 }, 'brand_new'), 'field', path, { field: 'brand_new' }],
    ['errors without a code', bodyOf({ errors: [{ title: 'x' }] }), 'errors', `${path}/value/errors`, [{ title: 'x' }]],
    ['an act without a name', bodyOf({ user_actions: [{ a: 1 }] }), 'shape', `${path}/value/user_actions/0`, { a: 1 }],
    ['a known field without what makes it one', bodyOf({ x: 1 }, 'security'), 'shape', path, { field: 'security' }],
    ['a new list', bodyOf({ 'a/b~': [1] }), 'key', `${path}/value/a~1b~0`, [1]],
    ['two of them', bodyOf({ a: [1], b: { c: 2 } }), 'keys', `${path}/value`, { a: [1], b: { c: 2 } }],
    ['nothing in it', bodyOf({ messages: [] }), 'no_items', path, { field: 'messages' }],
    ['a message that is none', bodyOf({ messages: [7] }), 'not_an_item', `${path}/value/messages/0`, 7],
    ['a message without an id', bodyOf({ messages: [text({ id: null })] }), 'wamid_missing', `${path}/value/messages/0`, { type: 'text' }],
    ['a status without an id', bodyOf({ statuses: [{}] }), 'wamid_missing', `${path}/value/statuses/0`, {}],
    ['no phone number id', bodyOf({ metadata: {}, messages: [text()] }), 'own_ids_missing', `${path}/value/messages/0`, { type: 'text' }],
    ['a phone number id that every object has', ownedBy('__proto__'), 'own_ids_missing', `${path}/value/messages/0`, { type: 'text' }],
    ['another one', ownedBy('constructor'), 'own_ids_missing', `${path}/value/messages/0`, { type: 'text' }],
    ['no value', { entry: [{ id: 1, changes: [{ field: 'messages' }] }] }, 'not_a_change', path, { field: 'messages' }],
    ['no changes', { entry: [{ id: 1 }] }, 'no_changes', '/entry/0', { id: 1 }],
    ['no entry', { entry: [] }, 'not_a_webhook', '', { entry: [] }],
    ['another product', { object: 'page', entry: [{}] }, 'not_a_webhook', '', { object: 'page' }],
    ['no object', Buffer.from('[1]'), 'not_a_webhook', '', [1]],
  ])('%s', (_case, body, reason, at, fragment) => {
    const found = events(body);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ type: 'webhook.unrecognized', reason, source: { path: at }, fragment });
  });

  it.each([[''], ['{'], ['\u{fffd}'], ['{"a":1}{']])('no JSON has no fragment: %p', (bytes) => {
    const [event] = events(Buffer.from(bytes));
    expect(event).toMatchObject({ reason: 'not_json' });
    expect(event).not.toHaveProperty('fragment');
  });

  it('a message of a type that nobody knows counts all the same', () =>
    expect(events(fixture('messages.unknown_future_type'))).toMatchObject([
      { type: 'message.received', messageType: 'hologram', waId: '12025550101' },
      { type: 'webhook.unrecognized', reason: 'message_type:hologram', fragment: { hologram: { frames: 3 } } },
    ]));

  it('what stands beside the level of a standby is read as well', () => {
    const said = { standby: { messages: [text()] }, statuses: [status()], errors: [{ code: 1 }], more: [7], conversation_context: {} };
    expect(events(bodyOf(said, 'standby')).map(({ type, source }) => [type, source?.path])).toEqual([
      ['message.received', `${path}/value/standby/messages/0`],
      ['status.reported', `${path}/value/statuses/0`],
      ['errors.reported', `${path}/value/errors`],
      ['webhook.unrecognized', `${path}/value/more`],
    ]);
    expect(events(bodyOf({ standby: {} }, 'standby'))).toMatchObject([{ reason: 'no_items' }]);
  });

  it('a conversation context needs nothing', () => expect(events(fixture('messages.conversation_context.summary'))).toHaveLength(1));
});

describe('misplaced keys', () => {
  it('a field one level too high is found', () =>
    expect(events(fixture('account_update.partner_app_installed.field_misplaced'))).toMatchObject([
      { type: 'account.updated', wabaId: '200000000000001', event: 'PARTNER_APP_INSTALLED' },
    ]));
  it('a message whose field has no name is a message: a hash in it counts', () =>
    expect(events(bodyOf({ messages: [text({ identity: { hash: 'h' } })] }, null))).toMatchObject([{ type: 'message.received' }]));
  it('an object where a list was due is its only element', () =>
    expect(events(bodyOf({ messages: text() }))).toMatchObject([{ type: 'message.received', source: { path: `${path}/value/messages` } }]));
});

describe('one bad item never takes its neighbours along', () => {
  it('good ones before and after come through', () => {
    const body = bodyOf({
      messages: [text(), null, { id: {} }, [], text({ id: 'wamid.Z', type: {}, context: 1, referral: 'x' })],
      statuses: 'no',
    });
    expect(events(body).map(({ type, reason }) => reason ?? type)).toEqual([
      'message.received',
      'not_an_item',
      'wamid_missing',
      'not_an_item',
      'message.received',
      'message_type:unknown',
      'not_an_item',
    ]);
  });
  it('a byte that is no UTF-8 spoils one name at most', () => {
    const bytes = Buffer.from(JSON.stringify(bodyOf({ messages: [text({ text: { body: '#' } }), text({ id: 'wamid.2' })] })));
    bytes[bytes.indexOf('#')] = 0xff;
    expect(events(bytes).map(({ type }) => type)).toEqual(['message.received', 'message.received']);
  });
  it('a byte order mark does no harm', () =>
    expect(events(Buffer.from(`\u{feff}${JSON.stringify(bodyOf({ messages: [text()] }))}`))).toMatchObject([{ type: 'message.received' }]));
});

describe('hostile bodies', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const withItem = (json: string) => Buffer.from(JSON.stringify(bodyOf({ messages: [text(), '#'] })).replace('"#"', json));

  it('depth 100,000 is kept without its fragment, and its neighbours come through', () => {
    for (const deep of [
      nested(100_000),
      `{"type":"hologram","id":"w","x":${nested(100_000)}}`,
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    ]) {
      const found = events(withItem(deep));
      expect(found[0]).toMatchObject({ type: 'message.received', wamid: 'wamid.A' });
      expect(found.at(-1)).toMatchObject({ type: 'webhook.unrecognized' });
      expect(found.at(-1)).not.toHaveProperty('fragment');
      expect(() => JSON.stringify(found)).not.toThrow();
    }
    expect(events(Buffer.from(nested(100_000)))).toMatchObject([{ reason: 'not_a_webhook' }]);
  });
  it('prototype keys are keys', () => {
    const json = '{"id":"w","type":"constructor","__proto__":{"from":"12025550104","system":1},"toString":1}';
    const found = events(withItem(json));
    expect(found[1]).toMatchObject({ flags: ['person_missing', 'time_impossible'], messageType: 'constructor' });
    expect(JSON.stringify(found[2]?.fragment)).toBe(json);
    const keys = events(Buffer.from(JSON.stringify(bodyOf({ a: [1], '#': [2] })).replace('"#"', '"__proto__"')));
    expect(JSON.stringify(keys[0]?.fragment)).toContain('"__proto__":[2]');
    expect(({} as Record<string, unknown>).from).toBeUndefined();
  });
  it('a hundred thousand hashes that no item took are one event', () => {
    const contacts = Array.from({ length: 100_000 }, () => ({ identity_key_hash: 'h' }));
    expect(events(bodyOf({ messages: [text()], contacts }))).toMatchObject([
      { type: 'message.received' },
      { reason: 'contacts_without_item', source: { path: `${path}/value/contacts` } },
    ]);
  });
  it('a million keys, or items, are one event', () => {
    const keys = `{${Array.from({ length: 200_000 }, (_, i) => `"k${i}":[]`).join(',')}}`;
    expect(events(withItem(keys))).toHaveLength(2);
    const items = events(Buffer.from(JSON.stringify(bodyOf({ messages: Array.from({ length: 1_000_000 }, () => 1) }))));
    expect(items).toMatchObject([{ reason: 'too_many_items' }]);
  });
  it('a fragment that escapes to more than a record takes is left out', () => {
    const grows = Buffer.from(`{"x":[${Array.from({ length: 500_000 }, () => '1e20').join(',')}]}`);
    expect(grows.length).toBeLessThan(3 * 1024 * 1024);
    expect(events(grows)[0]).not.toHaveProperty('fragment');
  });
  it('every bound of the contract holds', () => {
    const long = 'y'.repeat(5_000);
    const all = [...normalized(bodyOf({ [long]: [1], messages: [text({ type: long })] }, 'messages')), ...normalized(bodyOf({}, long))];
    for (const { event } of all) if (event.type === 'webhook.unrecognized') expect(AccountEvent.parse(event)).toEqual(event);
  });
  it('an error in reading one item is that item’s alone', () => {
    const webhook = { webhookId: 'w', receivedAt: RECEIVED_AT.toISOString(), nowMs: RECEIVED_AT.getTime() };
    const own = { wabaId: '1', phoneNumberId: '2', displayNumber: undefined };
    const change = { webhook, ...own, field: 'messages', entryTime: undefined, contacts: contactBook([], '') };
    const faulty = () => {
      throw new TypeError('a fault of ours');
    };
    expect(stepEvents({ change, value: { id: 1 }, path: '/x', read: faulty })).toMatchObject([
      { event: { reason: 'unreadable', fragment: { id: 1 } } },
    ]);
  });
});
