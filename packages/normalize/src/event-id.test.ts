import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './event-id.ts';
import { bodyOf, events, fixture, fixtureNames, ofMessage, ofStatus, PROPERTY_RUNS, text } from './testing.ts';

type Body = { object: string; entry: { id: string; time?: number; changes: { field?: string; value: Record<string, unknown> }[] }[] };
/** Each item of a body alone, in a body of its own. */
function itemsOf(body: Body): Body[] {
  return body.entry.flatMap(({ changes, ...entry }) =>
    changes.flatMap(({ value, ...change }) => {
      const listed = (['messages', 'statuses', 'user_actions'] as const).filter(
        (key) => Array.isArray(value[key]) && change.field === 'messages',
      );
      if (listed.length === 0) return [{ object: body.object, entry: [{ ...entry, changes: [{ ...change, value }] }] }];
      const { messages: _m, statuses: _s, user_actions: _u, ...beside } = value;
      return listed.flatMap((key) =>
        (value[key] as object[]).map((item) => ({
          object: body.object,
          entry: [{ ...entry, changes: [{ ...change, value: { ...beside, [key]: [item] } }] }],
        })),
      );
    }),
  );
}
/** Bodies of one change as one body. */
const together = (bodies: readonly Body[]): Body => ({ object: 'whatsapp_business_account', entry: bodies.flatMap(({ entry }) => entry) });
const ids = (body: object): string[] => events(body).map(({ id }) => id ?? '');

describe('ids come from the content', () => {
  const items = fixtureNames
    .map((name) => JSON.parse(fixture(name).toString()) as Body)
    .flatMap(itemsOf)
    .filter(({ object }) => object);

  it('items shuffled, repeated and regrouped have the ids that they have alone', () => {
    const groups = fc.array(fc.array(fc.constantFrom(...items), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(groups, (bodies) => {
        const regrouped = bodies.flatMap((body) => ids(together(body)));
        expect(new Set(regrouped)).toEqual(new Set(bodies.flat().flatMap(ids)));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  it('another order of keys is the same item', () =>
    expect(ids(bodyOf({ x: { a: 1, b: [{ c: 1, d: 2 }] } }))).toEqual(ids(bodyOf({ x: { b: [{ d: 2, c: 1 }], a: 1 } }))));

  it.each<[string, string | undefined, string | undefined]>([
    ['two messages', ofMessage({})[0]?.id, ofMessage({ id: 'wamid.Z' })[0]?.id],
    ['the message and its status', ofMessage({ id: 'wamid.B' })[0]?.id, ofStatus({})[0]?.id],
    ['two statuses', ofStatus({})[0]?.id, ofStatus({ status: 'read' })[0]?.id],
    ['a payment and a delivery that failed', ofStatus({ status: 'failed' })[0]?.id, ofStatus({ status: 'failed', type: 'payment' })[0]?.id],
    ['a message and what is not known of it', ...(ids(bodyOf({ messages: [text({ type: 'x' })] })) as [string, string])],
    ['the same to two of our numbers', ofMessage({})[0]?.id, ofMessage({}, { metadata: { phone_number_id: '2' } })[0]?.id],
    ['a live message and one of history', ofMessage({})[0]?.id, ids(bodyOf({ messages: [text()] }, 'history'))[0]],
    [
      'two wamids too long, alike in what is shown',
      ofMessage({ id: `${'x'.repeat(600)}1` })[0]?.id,
      ofMessage({ id: `${'x'.repeat(600)}2` })[0]?.id,
    ],
  ])('%s differ', (_case, one, other) => {
    expect(one).toMatch(/^[\w-]{22}$/);
    expect(other).toMatch(/^[\w-]{22}$/);
    expect(one).not.toBe(other);
  });

  it('a message of history never has the live one’s id, nor has the medium that comes for a placeholder the placeholder’s', () => {
    const thread = { id: '12025550101', messages: [text({ type: 'media_placeholder' })] };
    const [, placeholder] = ids(bodyOf({ history: [{ threads: [thread] }] }, 'history'));
    const [medium] = ids(bodyOf({ messages: [text({ type: 'image' })] }, 'history'));
    expect(new Set([placeholder, medium, ofMessage({})[0]?.id]).size).toBe(3);
  });

  it('a message that comes as standby is the one that comes live', () =>
    expect(ids(bodyOf({ standby: { messages: [text()] } }, 'standby'))).toEqual(ids(bodyOf({ messages: [text()] }))));

  it('what else the webhook says of the person makes no other id', () =>
    expect(ofMessage({}, { contacts: [{ wa_id: '12025550101', identity_key_hash: 'h' }] })[0]?.id).toBe(ofMessage({})[0]?.id));
});

it('canonical JSON is equal exactly for equal values', () =>
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const [a, b] = [JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))];
      expect(JSON.parse(canonicalJson(a) ?? '')).toEqual(a);
      let equal = true;
      try {
        expect(a).toEqual(b);
      } catch {
        equal = false;
      }
      expect(canonicalJson(a) === canonicalJson(b)).toBe(equal);
    }),
    { numRuns: PROPERTY_RUNS },
  ));
