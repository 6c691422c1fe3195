import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { message, numberChanged, until } from '@keyturn/testkit';
import { type GateWorld, gateWorld, OURS, STATE_AGE_MAX_MS } from './gate.fixture.ts';

let world: GateWorld;
beforeAll(async () => {
  world = await gateWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.current());

let people = 491_700_000_000;
const nobody = () => String(people++);
const NOW = () => Math.floor(Date.now() / 1000);
const wrote = (waId: string, hash: string, at = NOW(), more = {}) =>
  message({ waId, phoneNumberId: OURS, identityKeyHash: hash, at, wamid: `wamid.${waId}.${at}.${hash}`, ...more });
const utility = (to: string) => ({ phoneNumberId: OURS, to, category: 'utility' });
const tooOld = `interval '${STATE_AGE_MAX_MS + 1} ms'`;
const reasonsOf = ({ reasons }: { reasons: { code: string }[] }) => reasons.map(({ code }) => code);

describe('a decision', () => {
  it('is allow for who wrote, with their hash, under every spelling; and deny for all under each once they are blocked', async () => {
    const person = '5215550001111'; // Mexico: the platform writes 521, people write 52
    const spellings = [person, '525550001111', '+52 1 555 000 1111', '٥٢٥٥٥٠٠٠١١١١'];
    await world.says(wrote(person, 'h1'));
    for (const to of spellings)
      expect((await world.decide(utility(to))).body).toMatchObject({ decision: 'allow', reasons: [], identityKeyHash: 'h1' });
    await world.says(wrote(person, 'h2', NOW() + 1));
    for (const to of spellings) {
      const { body } = await world.decide(utility(to));
      expect([body.decision, reasonsOf(body)]).toEqual(['deny', ['identity_blocked']]);
    }
  });

  it('answers a thousand in their order, and says what is wrong with one by its place', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    const items = Array.from({ length: 1_000 }, (_, i) => utility(i % 2 === 0 ? person : '999000111'));
    const { body } = await world.decide({ items });
    expect(body.items.map(({ decision }) => decision)).toEqual(items.map((_, i) => (i % 2 === 0 ? 'allow' : 'deny')));
    expect(await world.decide({ items: [utility(person), utility('no number')] })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('items.1.to: is no number') },
    });
  });

  it.each<[guarantee: string, key: () => Promise<string | null>, status: number]>([
    ['no key', async () => null, 401],
    ['a key that nobody has', async () => `kt_${'0'.repeat(16)}_${'a'.repeat(43)}`, 401],
    ['a key that may read alone', () => world.keyFor('read'), 403],
  ])('is for keys with scope send: %s', async (_guarantee, key, status) =>
    expect((await world.decide(utility('491'), await key())).status).toBe(status),
  );

  it('is deny as soon as one consumer is behind by more than the bound, or lost its log; and a free answer is not', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    for (const group of ['contact', 'identity', 'consent']) {
      await world.pool.query(`update consumer_offset set caught_up_at = now() - ${tooOld} where group_id = $1`, [group]);
      expect(reasonsOf((await world.decide(utility(person))).body)).toEqual(['state_not_current']);
      expect((await world.decide({ ...utility(person), category: 'service' })).body.decision).toBe('allow');
      await world.current();
      expect((await world.decide(utility(person))).body.decision).toBe('allow');
    }
    await world.pool.query(`update consumer_offset set log_lost_at = now() where group_id = 'identity'`);
    expect(reasonsOf((await world.decide(utility(person))).body)).toEqual(['state_not_current']);
    await world.pool.query('update consumer_offset set log_lost_at = null');
  });

  it('is deny while one partition stands, though all others are read', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    await world.pool.query(
      `insert into consumer_offset (group_id, topic, partition, next_offset, caught_up_at) values ('identity', 'stands', 0, 0, now() - ${tooOld})`,
    );
    expect(reasonsOf((await world.decide(utility(person))).body)).toEqual(['state_not_current']);
    await world.pool.query(`delete from consumer_offset where topic = 'stands'`);
    expect(reasonsOf((await world.decide(utility(person))).body)).toEqual([]);
  });

  it('is deny for whoever an identity event is about that nobody could decide on', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    await world.pool.query(`alter table identity_state add constraint fault check (state::text not like '%POISON%') not valid`);
    await world.hears(['identity'], wrote(person, 'POISON', NOW() + 1));
    await world.pool.query('alter table identity_state drop constraint fault');
    const { rowCount } = await world.pool.query(`select from dead_letter where group_id = 'identity' and code = 'store.data'`);
    expect([rowCount, reasonsOf((await world.decide(utility(person))).body)]).toEqual([1, ['identity_blocked']]);
  });

  it('is deny for whom what is stored makes no sense, and for nobody else who is asked about with them', async () => {
    const [fine, broken] = [nobody(), nobody()];
    await world.says(wrote(fine, 'h1'), wrote(broken, 'h1'));
    await world.pool.query(
      `update identity_state set state = '{"seen": {"x": null}, "decisions": {}}'
       where contact_id = (select contact_id from identifier_period where identifier = $1)`,
      [`w:${broken}`],
    );
    const { body } = await world.decide({ items: [fine, broken, fine].map(utility) });
    expect(body.items.map(reasonsOf)).toEqual([[], ['state_unreadable'], []]);
  });

  it('is deny while what was told waits for the relay longer than the bound', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    await world.hears(['contact'], wrote(nobody(), 'h1'));
    await world.pool.query(`update outbox set created_at = now() - ${tooOld}`);
    expect(reasonsOf((await world.decide(utility(person))).body)).toEqual(['state_not_current']);
    await world.follow();
    expect((await world.decide(utility(person))).body.decision).toBe('allow');
  });

  it('is deny from the commit of a number change on, until every slice has followed, and then by its block', async () => {
    const [old, next] = [nobody(), nobody()];
    await world.says(wrote(old, 'h1', NOW() - 10));
    await world.hears(
      ['contact'],
      numberChanged({ at: NOW() - 5, phoneNumberId: OURS, waId: old, previous: { waId: old }, current: { waId: next } }),
    );
    expect(reasonsOf((await world.decide(utility(next))).body)).toContain('contact_changing');
    await world.follow(['contact', 'consent']);
    expect(reasonsOf((await world.decide(utility(next))).body)).toContain('contact_changing');
    await world.follow(['identity']);
    expect(reasonsOf((await world.decide(utility(next))).body)).toEqual(expect.arrayContaining(['identity_blocked']));
    expect(reasonsOf((await world.decide(utility(next))).body)).not.toContain('contact_changing');
    expect(reasonsOf((await world.decide(utility(old))).body)).toContain('contact_unknown');
  });
});

describe('the platform’s own door', () => {
  const text = (to: string) => ({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'ä "quoted"' } });
  const sentTo = (to: string) => world.platform.requests.filter(({ body }) => (body as { to?: string } | undefined)?.to === to);

  it('trap 25: passes an allowed message on with the hash, and gives the platform’s answer back', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    const answer = await world.send(text(person));
    expect(answer).toMatchObject({ status: 200, body: { messaging_product: 'whatsapp', contacts: [{ input: person, wa_id: person }] } });
    expect(sentTo(person).map(({ body }) => body)).toEqual([{ ...text(person), recipient_identity_key_hash: 'h1' }]);
  });

  it('denies in the platform’s shape, with every reason, and nothing goes out', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'), wrote(person, 'h2', NOW() + 1));
    const { status, body } = await world.send(text(person));
    expect([status, body.error.code, body.error.error_data.keyturn.reasons.map(({ code }) => code)]).toEqual([
      403,
      990_001,
      ['identity_blocked'],
    ]);
    expect(sentTo(person)).toEqual([]);
  });

  it('is shut at once, as decisions are, for a key that was good until a moment ago', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    const doors = [(key: string) => world.send(text(person), { key }), (key: string) => world.decide(utility(person), key)];
    for (const ask of doors) {
      const key = await world.keyFor('send');
      expect((await ask(key)).status).toBe(200);
      await world.pool.query('update api_key set revoked_at = now() where key_id = $1', [key.split('_')[1]]);
      expect((await ask(key)).status).toBe(401);
    }
    expect(sentTo(person)).toHaveLength(1);
  });

  it('judges what goes on: of two `to` in one body it is the one that was judged', async () => {
    const [good, blocked] = [nobody(), nobody()];
    await world.says(wrote(good, 'h1'), wrote(blocked, 'h1'), wrote(blocked, 'h2', NOW() + 1));
    const twice = JSON.stringify(text(blocked)).replace('"type"', `"to":"${good}","type"`);
    expect((await world.send(twice)).status).toBe(200);
    expect([sentTo(good).length, sentTo(blocked).length]).toEqual([1, 0]);
  });

  it('trap 36: lets read receipts and typing pass, and nothing that only looks like one', async () => {
    const receipt = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.1', typing_indicator: { type: 'text' } };
    expect(await world.send(receipt)).toMatchObject({ status: 200, body: { success: true } });
    expect((await world.send({ ...receipt, to: '999000111', type: 'text' })).status).toBe(403);
  });

  it('gives the platform’s own refusal back as it came', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    world.platform.world.refusals.set(person, { status: 400, code: 131_026, message: '(#131026) Message undeliverable' });
    expect(await world.send(text(person))).toMatchObject({ status: 400, body: { error: { code: 131_026 } } });
  });

  it('asks again when the connection is ready: a block committed meanwhile is not overtaken', async () => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    const before = sentTo(person).length;
    const racing = Array.from({ length: 50 }, () => world.send(text(person)));
    await world.says(wrote(person, 'h2', NOW() + 1));
    const committedAt = sentTo(person).length;
    const answers = await Promise.all(racing);
    const after = await world.send(text(person));
    expect(after.status).toBe(403);
    expect(sentTo(person).length - before).toBe(answers.filter(({ status }) => status === 200).length);
    expect(sentTo(person).length).toBeLessThanOrEqual(committedAt + racing.length);
  });

  it('learns how the platform calls a number: then it is that person who is judged, whatever the rules of spelling say', async () => {
    const [called, person] = [nobody(), nobody()];
    await world.says(wrote(called, 'h0'), wrote(person, 'h1'), wrote(person, 'h2', NOW() + 1));
    world.platform.world.spellings.set(called, person);
    expect((await world.send(text(called))).status).toBe(200); // nobody knows it yet
    await until('it is learned', async () => (await world.decide(utility(called))).body.decision === 'deny');
    expect(reasonsOf((await world.decide(utility(called))).body)).toEqual(['identity_blocked']);
    expect((await world.send(text(called))).status).toBe(403);
  });

  it('learns it for what is spelled so: in full for all numbers of ours, else for the one that sent', async () => {
    const [called, person] = [nobody(), nobody()];
    await world.says(wrote(called, 'h0'), wrote(person, 'h1'), wrote(person, 'h2', NOW() + 1));
    const is = async (to: string, phoneNumberId: string) => (await world.decide({ ...utility(to), phoneNumberId })).body.reasons.length > 0;
    const asJudged = async () => [
      await is(called, OURS),
      await is(called, 'another'),
      await is(`+${called}`, OURS),
      await is(`+${called}`, 'another'),
    ];
    expect(await asJudged()).toEqual([false, false, false, false]);
    world.platform.world.spellings.set(called, person);
    await world.send(text(called));
    await until('it is learned', () => is(called, OURS));
    expect(await asJudged()).toEqual([true, false, false, false]);
    world.platform.world.spellings.set(`+${called}`, person);
    await world.send(text(`+${called}`));
    await until('it is learned', () => is(`+${called}`, 'another'));
    expect(await asJudged()).toEqual([true, false, true, true]);
  });

  it.each([
    ['a large answer', 5_000_000],
    ['a small one', 0],
  ])('gives back every byte of %s', async (_size, padding) => {
    const person = nobody();
    await world.says(wrote(person, 'h1'));
    world.platform.world.answerPadding = padding;
    const answer = await world.send(text(person));
    world.platform.world.answerPadding = 0;
    expect([answer.status, (answer.body as { padding?: string }).padding?.length ?? 0]).toEqual([200, padding]);
  });

  it.each<[guarantee: string, body: unknown, more: Parameters<GateWorld['send']>[1], status: number, code: number]>([
    ['a key is needed, where the bearer is none', text('491'), { key: null }, 401, 190],
    ['whom it is for is needed', { messaging_product: 'whatsapp', type: 'text' }, {}, 400, 100],
    ['`to` is a number', text('me'), {}, 400, 100],
    ['a body is JSON', '{', {}, 400, 100],
    ['a category is one of three', { ...text('491700'), type: 'template' }, { headers: { 'x-keyturn-category': 'service' } }, 400, 100],
    [
      'nobody is named in the URL, which the platform reads as well',
      text('491700'),
      { path: `/v25.0/${OURS}/messages?to=491701` },
      400,
      100,
    ],
    ['a message is no batch of calls', { ...text('491700'), batch: [{ method: 'POST', relative_url: `${OURS}/messages` }] }, {}, 400, 100],
    ['nor is a read receipt', { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.1', batch: '[]' }, {}, 400, 100],
    ['other calls pass only where that is said', {}, { path: `/v25.0/${OURS}/media` }, 404, 990_006],
  ])('%s', async (_guarantee, body, more, status, code) =>
    expect(await world.send(body, more)).toMatchObject({ status, body: { error: { code } } }),
  );
});
