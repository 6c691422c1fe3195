import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ContactJson, identityEvents } from '@keyturn/contracts';
import { type Line, startLine } from './line.ts';
import { bodyOf, type Item, type Person, statusOf, system, text } from './payload.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

type Found = { items: ContactJson[] };
type Shown = Required<Pick<Person, 'waId' | 'bsuid'>>;
type Cast = { ada: Shown; later: Shown };
type Story = { items: Item[]; kinds: string[] };
/** Everything by which the platform hints that a number may have another holder, after a first proof of the old one. */
const stories: Record<string, (cast: Cast) => Story> = {
  'another key hash on a message': ({ ada }) => ({
    items: [text(ada, 0, 'h1'), text(ada, 60, 'h2'), text(ada, 90, 'h2')],
    kinds: ['hash'],
  }),
  'another key hash on a status': ({ ada }) => ({
    items: [text(ada, 0, 'h1'), statusOf(ada, 60, { recipient_identity_key_hash: 'h2' })],
    kinds: ['hash'],
  }),
  'a send refused for its key (137000)': ({ ada }) => ({
    items: [text(ada, 0, 'h1'), statusOf(ada, 60, { status: 'failed', errors: [{ code: 137000, title: 'mismatch' }] })],
    kinds: ['mismatch'],
  }),
  'a legacy identity block, repeated': ({ ada }) => {
    const identity = { identity: { hash: 'h9', created_timestamp: '1795132850', acknowledged: true } };
    return { items: [text(ada, 0), text(ada, 60, undefined, identity), text(ada, 90, undefined, identity)], kinds: ['legacy'] };
  },
  'a legacy system message': ({ ada }) => ({
    items: [
      text(ada, 0),
      system(
        ada,
        60,
        { type: 'customer_identity_changed', body: 'changed', customer: ada.waId, identity: 'h9' },
        { identity: { hash: 'h9', created_timestamp: '1795132850' } },
      ),
    ],
    kinds: ['legacy'],
  }),
  'a changed number, reported twice': ({ ada, later }) => ({
    items: [
      text(ada, 0, 'h1'),
      system({ waId: ada.waId }, 60, { type: 'user_changed_number', body: 'changed', wa_id: later.waId }),
      system({ waId: ada.waId }, 63, { type: 'user_changed_number', body: 'changed', wa_id: later.waId }),
      text({ waId: later.waId }, 120, 'h1'),
    ],
    kinds: ['number_change'],
  }),
  'a changed user id, without numbers': ({ ada, later }) => ({
    items: [
      text({ bsuid: ada.bsuid }, 0, 'h1'),
      system({}, 60, { type: 'user_changed_user_id', body: 'changed', user_id: later.bsuid, previous_user_id: ada.bsuid }),
      text({ bsuid: later.bsuid }, 120, 'h1'),
    ],
    kinds: ['number_change'],
  }),
  'another user id on the same number': ({ ada, later }) => ({
    items: [text(ada, 0, 'h1'), text({ waId: ada.waId, bsuid: later.bsuid }, 60, 'h1')],
    kinds: ['bsuid'],
  }),
};

const deliveries: Record<string, (items: Item[]) => Item[][]> = {
  'in order': (items) => items.map((item) => [item]),
  reversed: (items) => items.toReversed().map((item) => [item]),
  doubled: (items) => [...items, ...items].map((item) => [item]),
  'in one body, backwards, then one by one': (items) => [items.toReversed(), ...items.map((item) => [item])],
};

let casts = 0;
const newCast = (): Cast => {
  const n = String(++casts).padStart(4, '0');
  return { ada: { waId: `4915201${n}`, bsuid: `DE.4${n}` }, later: { waId: `4915202${n}`, bsuid: `DE.5${n}` } };
};
/** What anybody may ask about the people of a story, with this cast's identifiers made the same for every cast. */
async function answers({ ada, later }: Cast): Promise<string> {
  const asked = await Promise.all(
    [{ waId: ada.waId }, { bsuid: ada.bsuid }, { waId: later.waId }, { bsuid: later.bsuid }].map((by) =>
      line.api<Found>('POST', '/v1/contacts/search', by),
    ),
  );
  const ids = asked.flatMap(({ body }) => body.items.map((one) => one.contactId));
  const shown = asked.map(({ body }) =>
    body.items.map(({ contactId, identity, consent, identifiers }) => ({
      who: ids.indexOf(contactId),
      identifiers,
      status: identity.status,
      keyHashes: identity.keyHashes,
      keyHash: identity.keyHash,
      evidence: identity.evidence.map(({ eventId: _theirs, ...one }) => one), // each telling's events have ids of their own
      consent,
    })),
  );
  const cast: [string, string][] = [
    [ada.waId, '<ada>'],
    [ada.bsuid, '<ada.u>'],
    [later.waId, '<later>'],
    [later.bsuid, '<later.u>'],
  ];
  return cast.reduce(
    (text, [value, name]) => text.replaceAll(value, name),
    JSON.stringify(shown, null, 1).replaceAll(/wamid\.[\w.]+/g, 'wamid'),
  );
}

describe.each(Object.entries(stories))('%s', (_name, tell) => {
  it('blocks once, in whatever order, number and grouping it is delivered, and all answers are the same', async () => {
    const told = Object.entries(deliveries).map(([name, deliver]) => {
      const cast = newCast();
      return { name, cast, ...tell(cast), deliver };
    });
    for (const { items, deliver } of told) for (const group of deliver(items)) expect(await line.post(bodyOf(group))).toBe(200);
    await line.settled();
    const [first, ...others] = await Promise.all(told.map(async ({ name, cast }) => ({ name, said: await answers(cast) })));
    for (const other of others) expect({ ...other }).toEqual({ name: other.name, said: first?.said });

    const { cast, items, kinds } = told[0] as (typeof told)[number];
    const by = items[0]?.contact?.wa_id === undefined ? { bsuid: cast.ada.bsuid } : { waId: cast.ada.waId };
    const mine = async () =>
      (await line.api<Found>('POST', '/v1/contacts/search', { ...by, at: new Date(1_795_132_800_000).toISOString() })).body
        .items[0] as ContactJson;
    const { contactId, identity } = await mine();
    expect(identity.status).toBe('blocked');
    expect(identity.evidence.map((one) => one.kind)).toEqual(expect.arrayContaining(kinds));

    const acknowledged = await line.api('POST', `/v1/contacts/${contactId}/identity/acknowledgements`, {
      ...{ keyHash: identity.keyHash, version: identity.version, verdict: 'same_person', reason: 'called back' },
    });
    expect(acknowledged.status).toBe(201);
    for (const item of items) await line.post(bodyOf([item]));
    await line.settled();
    expect((await mine()).identity.status).not.toBe('blocked');
    const events = (await line.read(identityEvents.name))
      .filter(({ key }) => String(key) === contactId)
      .map(({ value }) => JSON.parse(String(value)));
    expect(events.filter((event) => event.type === 'identity.blocked')).toHaveLength(1);
    expect(events.map((event) => event.version)).toEqual(events.map((_, i) => i + 1));
  });
});
