import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InboundEvent } from '@keyturn/contracts';
import { type Acknowledge, consentSlice, contactSlice, identitySlice } from '@keyturn/domain';
import { message, numberChanged, status, T0 } from '@keyturn/testkit';
import { propertyRuns } from '@keyturn/testkit/directory-arbitraries';
import fc from 'fast-check';
import { v7 } from 'uuid';
import { type SlicesWorld, slicesWorld } from '../consume/slices-world.fixture.ts';
import { decide } from '../decide/decide.ts';
import { NOW } from '../directory/directory.fixture.ts';
import { readContacts } from '../queries/read-contacts.ts';
import { listScopes, moveScope } from './move-scope.ts';

let world: SlicesWorld;
beforeAll(async () => {
  world = await slicesWorld();
});
afterAll(() => world.close());

let worlds = 0;
/** Names that nobody else has: two WABAs with a number each, a portfolio, and people. */
const newNames = () => {
  const n = String(++worlds).padStart(4, '0');
  return {
    ...{ waba: `21${n}`, other: `22${n}`, scope: `portfolio-${n}`, on: `31${n}`, onOther: `32${n}` },
    person: (who: number) => ({ waId: `49154${n}${who}`, bsuid: `DE.${n}x${who}` }),
  };
};
type Names = ReturnType<typeof newNames>;
const move = ({ waba, scope }: Pick<Names, 'waba' | 'scope'>, preview = false) =>
  moveScope(world.pool, { wabaId: waba, to: scope, actor: 'key:1', reason: 'test', preview, now: NOW, newContactId: v7 });

/** Who held each identifier in a scope at an instant, and all that is known of them. */
async function knownIn(scope: string, points: readonly { identifier: string; at: number }[]) {
  const { rows } = await world.pool.query<{ contact_id: string | null } & Record<'contact' | 'identity' | 'consent', never>>(
    `select p.contact_id, s.state || jsonb_build_object('blocks', s.business_blocks) as contact, d.state as identity, n.state as consent
     from unnest($2::text[], $3::int[]) with ordinality i(identifier, at, place)
     left join identifier_period p on p.scope = $1 and p.identifier = i.identifier
       and p."from" <= to_timestamp($4 + i.at) and p."to" > to_timestamp($4 + i.at)
     left join contact_state s using (contact_id) left join identity_state d using (contact_id) left join consent_state n using (contact_id)
     order by i.place`,
    [scope, points.map(({ identifier }) => identifier), points.map(({ at }) => at), T0],
  );
  const ids = rows.map((row) => row.contact_id);
  return rows.map(({ contact_id, contact, identity, consent }) => ({
    who: contact_id === null ? null : ids.indexOf(contact_id),
    contact: contactSlice.view(contact ?? contactSlice.empty, 0),
    identity: identitySlice.view(identity ?? identitySlice.empty, 0),
    consent: consentSlice.view(consent ?? consentSlice.empty, 0),
  }));
}
const contactAt = async (scope: string, identifier: string) => {
  const { rows } = await world.pool.query<{ contact_id: string }>(
    `select contact_id from identifier_period where scope = $1 and identifier = $2 and "to" = 'infinity'`,
    [scope, identifier],
  );
  const [contact] = rows[0]?.contact_id ? await readContacts(world.pool, [rows[0].contact_id], NOW) : [];
  return contact;
};

type Step = {
  kind: 'message' | 'mismatch' | 'stop' | 'moved';
  who: number;
  shows: 'both' | 'number' | 'bsuid';
  to: number;
  at: number;
  hash: string;
};
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('message', 'message', 'message', 'message', 'moved', 'mismatch', 'stop'),
  who: fc.nat(2),
  shows: fc.constantFrom('both', 'number', 'bsuid'),
  to: fc.nat(2),
  at: fc.integer({ min: 1, max: 9 }),
  hash: fc.constantFrom('a', 'a', 'b'),
});
function eventOf({ waba, on, person }: Names, { kind, who, shows, to, at, hash }: Step): InboundEvent {
  const { waId, bsuid } = person(who);
  const ids = { ...(shows === 'bsuid' ? {} : { waId }), ...(shows === 'number' ? {} : { bsuid }) };
  const common = { ...ids, wabaId: waba, phoneNumberId: on, at: T0 + at, wamid: `wamid.${kind}.${who}.${at}.${shows}` };
  if (kind === 'message') return message({ ...common, identityKeyHash: hash });
  if (kind === 'stop') return message({ ...common, optOut: 'keyword' });
  if (kind === 'mismatch') return status({ ...common, status: 'failed', errorCodes: [137000] });
  return numberChanged({ ...common, previous: ids, current: { waId: person(to).waId } });
}

describe('a WABA that is moved', () => {
  it('takes people along with their ids, blocks and decisions', async () => {
    const names = newNames();
    const ada = names.person(0);
    const says = (at: number, hash: string) =>
      message({ ...ada, wabaId: names.waba, phoneNumberId: names.on, at: T0 + at, identityKeyHash: hash });
    await world.take([says(1, 'a'), says(2, 'b')]);
    await world.hear();
    const before = await contactAt('default', `w:${ada.waId}`);
    await world.pool.query(
      `insert into outbound_status (identifier, occurred_at, wamid, rank, waba_id, phone_number_id) values ($1, $2, 'wamid.sent', 2, $3, $4)`,
      [`u:${names.waba}:${ada.bsuid}`, NOW, names.waba, names.on],
    );
    expect(await move(names)).toMatchObject({
      from: 'default',
      moved: 1,
      copied: 0,
      merged: 0,
      identifiers: 2,
      phoneNumberIds: [names.on],
    });
    await world.hear();
    const after = await contactAt(names.scope, `u:${names.scope}:${ada.bsuid}`);
    expect(after).toMatchObject({
      contactId: before?.contactId,
      scope: names.scope,
      identity: { status: 'blocked', evidence: before?.identity.evidence },
    });
    await decide({ pool: world.pool, newContactId: v7 }, after?.contactId as string, acknowledgement(after?.identity));
    await world.take([says(2, 'b'), says(3, 'b')]);
    expect(await contactAt(names.scope, `w:${ada.waId}`)).toMatchObject({
      contactId: before?.contactId,
      identity: { status: 'clear', keyHash: 'b' },
    });
    expect(await contactAt('default', `w:${ada.waId}`)).toBeUndefined();
    const sent = await world.pool.query('select identifier from outbound_status where waba_id = $1', [names.waba]);
    expect(sent.rows).toEqual([{ identifier: `u:${names.scope}:${ada.bsuid}` }]);
    const { rows } = await world.pool.query(
      'select cause from journal where contact_id = $1 and slice = $2 order by version desc limit 1',
      [before?.contactId, 'contact'],
    );
    expect(rows).toMatchObject([{ cause: { actor: 'key:1', reason: expect.stringContaining('test') } }]);
  });

  it('leaves whom another WABA knows too, who is known and blocked on both sides, each for itself', async () => {
    const names = newNames();
    const { waId } = names.person(0);
    const mine = (at: number, hash: string) =>
      message({ waId, wabaId: names.waba, phoneNumberId: names.on, at: T0 + at, identityKeyHash: hash });
    await world.take([
      mine(1, 'a'),
      mine(2, 'b'),
      message({ waId, wabaId: names.other, phoneNumberId: names.onOther, at: T0 + 1, identityKeyHash: 'z' }),
    ]);
    await world.hear();
    const before = await contactAt('default', `w:${waId}`);
    await world.pool.query(
      `insert into block_mirror (phone_number_id, scope, identifier, contact_id, changed_at) select unnest($1::text[]), 'default', $2, $3, $4`,
      [[names.on, names.onOther], `w:${waId}`, before?.contactId, NOW],
    );
    expect(await move(names)).toMatchObject({ moved: 0, copied: 1 });
    await world.hear();
    const there = await contactAt(names.scope, `w:${waId}`);
    const { rows: mirrored } = await world.pool.query(
      'select phone_number_id, scope, contact_id from block_mirror where identifier = $1 order by 1',
      [`w:${waId}`],
    );
    expect(mirrored).toEqual([
      { phone_number_id: names.on, scope: names.scope, contact_id: there?.contactId },
      { phone_number_id: names.onOther, scope: 'default', contact_id: before?.contactId },
    ]);
    expect(await contactAt('default', `w:${waId}`)).toMatchObject({ contactId: before?.contactId, identity: { status: 'blocked' } });
    expect(there).toMatchObject({ identity: { status: 'blocked', keyHash: 'b', evidence: before?.identity.evidence } });
    expect(there?.contactId).not.toBe(before?.contactId);
    await decide({ pool: world.pool, newContactId: v7 }, there?.contactId as string, acknowledgement(there?.identity));
    await world.take([mine(3, 'b')]);
    expect((await contactAt(names.scope, `w:${waId}`))?.identity.status).toBe('clear');
    expect((await contactAt('default', `w:${waId}`))?.identity.status).toBe('blocked');
  });

  it('brings the BSUIDs of two WABAs of one portfolio together', async () => {
    const names = newNames();
    const ada = names.person(0);
    await world.take([
      message({ ...ada, wabaId: names.waba, phoneNumberId: names.on, at: T0 + 1, identityKeyHash: 'a' }),
      message({ bsuid: ada.bsuid, wabaId: names.other, phoneNumberId: names.onOther, at: T0 + 2, identityKeyHash: 'z' }),
    ]);
    await world.hear();
    expect(await move(names)).toMatchObject({ moved: 1, merged: 0 });
    expect(await move({ ...names, waba: names.other })).toMatchObject({ moved: 1, merged: 1 });
    await world.hear();
    const contact = await contactAt(names.scope, `u:${names.scope}:${ada.bsuid}`);
    expect(contact?.contactId).toBe((await contactAt(names.scope, `w:${ada.waId}`))?.contactId);
    expect(contact?.identity.keyHashes).toHaveLength(2);
  });

  it('is previewed without a change, and then does just that', async () => {
    const names = newNames();
    const people = [0, 1, 2].map((who) =>
      message({ ...names.person(who), wabaId: names.waba, phoneNumberId: names.on, at: T0 + who, identityKeyHash: 'a' }),
    );
    await world.take([
      ...people,
      message({ ...names.person(2), bsuid: undefined, wabaId: names.other, phoneNumberId: names.onOther, at: T0 + 5 } as never),
    ]);
    await world.hear();
    const tables = async () =>
      JSON.stringify(
        await Promise.all(
          ['contact', 'directory_link', 'identifier_period', 'identity_state', 'contact_state', 'consent_state', 'waba_scope'].map(
            async (table) => (await world.pool.query(`select md5(string_agg(t::text, '|' order by t::text)) from ${table} t`)).rows,
          ),
        ),
      );
    const before = await tables();
    const preview = await move(names, true);
    expect(preview).toMatchObject({ moved: 2, copied: 1, preview: true });
    expect(await tables()).toBe(before);
    expect(await move(names)).toEqual({ ...preview, preview: false });
    expect(await listScopes(world.pool)).toContainEqual({ wabaId: names.waba, scope: names.scope, phoneNumberIds: [names.on] });
  });

  it('is refused where it is there already, or was never seen', async () => {
    const names = newNames();
    await world.take([message({ ...names.person(0), wabaId: names.waba, phoneNumberId: names.on, at: T0 })]);
    await expect(move({ ...names, scope: 'default' })).rejects.toMatchObject({ code: 'scope.conflict' });
    await expect(move({ ...names, waba: names.other })).rejects.toMatchObject({ code: 'scope.not_found' });
  });

  const scripts = fc.tuple(
    fc.array(step, { minLength: 1, maxLength: 5 }),
    fc.array(step, { maxLength: 3 }),
    fc.array(step, { maxLength: 2 }),
  );
  it('is answered for as if it had always been there, whatever comes before, meanwhile and after', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async ([before, meanwhile, after]) => {
        const [late, early] = [newNames(), newNames()];
        await world.take(before.map((one) => eventOf(late, one)));
        await world.hear();
        await Promise.all([move(late), world.take(meanwhile.map((one) => eventOf(late, one)))]);
        await world.take(after.map((one) => eventOf(late, one)));
        await world.hear();
        await world.pool.query('insert into waba_scope (waba_id, scope) values ($1, $2)', [early.waba, early.scope]);
        await world.take([...before, ...meanwhile, ...after].map((one) => eventOf(early, one)));
        await world.hear();
        const said = [...before, ...meanwhile, ...after].filter(({ kind }) => kind !== 'moved');
        const answers = async ({ scope, person }: Names) =>
          JSON.stringify(
            await knownIn(
              scope,
              said.map(({ who, shows, at }) => ({
                at,
                identifier: shows === 'bsuid' ? `u:${scope}:${person(who).bsuid}` : `w:${person(who).waId}`,
              })),
            ),
            (key, value) => (key === 'eventId' ? undefined : value), // each world's events have ids of their own
            1,
          )
            .replaceAll(late.person(0).waId.slice(0, -1), '<n>')
            .replaceAll(early.person(0).waId.slice(0, -1), '<n>')
            .replaceAll(/(DE\.)\d{4}/g, '$1')
            .replaceAll(/"31\d{4}"/g, '"on"');
        expect(await answers(late)).toEqual(await answers(early));
        const left = await world.pool.query(
          `select 1 from identifier_period p join contact_state c using (contact_id) where p.scope = 'default' and p.identifier like $1 and c.state -> 'kept' <> '{}'`,
          [`w:${late.person(0).waId.slice(0, -1)}_`],
        );
        expect(left.rowCount).toBe(0);
      }),
      propertyRuns(25),
    );
  });
});

const acknowledgement = (identity: { keyHash: string | null; version: number } | undefined): Acknowledge => ({
  ...{ decisionId: v7(), verdict: 'same_person', reason: 'called back', actor: 'key:1', decidedAt: NOW.toISOString() },
  ...{ keyHash: identity?.keyHash ?? null, version: identity?.version ?? 0 },
});
