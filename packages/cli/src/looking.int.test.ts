import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reached } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld, T } from './cli.fixture.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915500000);
});
afterAll(() => cli.stop());
const keyturn: Cli['keyturn'] = (...args) => cli.keyturn(...args);
const json: Cli['json'] = (...args) => cli.json(...args);
const blocked: Cli['blocked'] = (name) => cli.blocked(name);

describe('list, show, timeline', () => {
  it('say who waits, why, and what happened; with --json as the API says it', async () => {
    const { contactId, waId } = await blocked('Rania');
    const list = await keyturn(['list']);
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toMatch(new RegExp(`2026-03-01 00:01:00Z.*\\+${waId}.*${contactId}.*key changed`));
    expect((await json('list')).items).toContainEqual(expect.objectContaining({ contactId }));
    const show = await keyturn(['show', `+${waId.slice(0, 2)} ${waId.slice(2, 5)} ${waId.slice(5)}`]);
    expect(show.code).toBe(0);
    for (const part of [
      `Somebody else may hold +${waId}`,
      'Rania',
      'message with key B= to P1',
      'utility: opted in',
      `keyturn ack ${contactId}`,
    ])
      expect(show.out).toContain(part);
    expect(await json('show', contactId)).toMatchObject({ contactId, identity: { status: 'blocked', keyHash: 'B=' } });
    expect(await json('show', waId, '--at', '2026-03-01T00:00:30Z')).toMatchObject({ contactId });
    const timeline = await keyturn(['timeline', contactId]);
    expect(timeline.out).toMatch(/identity\.blocked +system:identity +message\.received/);
    expect((await json('timeline', contactId, '--limit', '1')).items).toHaveLength(1);
  });

  it('show and ack say how the business verifies such a person, and what it wrote can’t rewrite the terminal', async () => {
    const { contactId, waId } = await blocked();
    const rules = [{ name: 'New phone', when: { evidence: ['hash'] }, text: 'Ask for the card.\n\n\u001b[2Jاتصل بالفرع' }];
    await cli.world.call('PUT', '/v1/runbook', { version: 0, general: null, rules });
    const said = 'How to verify (New phone):\n  Ask for the card.\n\n  [2Jاتصل بالفرع\n';
    expect((await keyturn(['show', contactId])).out).toContain(said);
    expect((await cli.asked(['ack', waId, '--same-person', '--reason', 'called'], '')).said).toContain(said);
    await cli.world.call('PUT', '/v1/runbook', { version: 1, general: null, rules: [] });
    expect((await keyturn(['show', contactId])).out).not.toContain('How to verify');
  });

  it('a name can’t rewrite the terminal', async () => {
    const { contactId } = await blocked('\u001b[2J\u202eRania\r\u0007');
    const { out } = await keyturn(['show', contactId]);
    expect(out).toContain('[2JRania');
    expect([...out].filter((character) => /[\p{Cc}\p{Cf}]/u.test(character) && character !== '\n')).toEqual([]);
  });

  it('pages go on where the last ended', async () => {
    await blocked();
    await blocked();
    const first = await json('list', '--limit', '1');
    const next = await json('list', '--limit', '1', '--cursor', first.nextCursor);
    expect(next.items[0].contactId).not.toBe(first.items[0].contactId);
    const { out } = await keyturn(['list', '--limit', '1', '--signal', 'hash', '--awaits', 'operator']);
    expect(out).toContain(`There are more: keyturn list --signal hash --awaits operator --limit 1 --cursor ${first.nextCursor}`);
    const url = ['--url', cli.world.url]; // whatever goes on is asked at the same console
    expect((await keyturn([...url, 'list', '--limit', '1'])).out).toContain(`: keyturn --url ${cli.world.url} list --limit 1 --cursor`);
  });
});

describe('exposure', () => {
  it('says what may have gone to somebody else; show says it in a line', async () => {
    const { contactId, waId } = await blocked();
    const sent = { waId, wamid: 'wamid.X', category: 'authentication' };
    await cli.world.says(
      reached({ ...sent, at: T + 30, status: 'sent' }),
      reached({ ...sent, at: T + 31, status: 'delivered' }),
      reached({ waId, wamid: 'wamid.Y', at: T + 90, status: 'failed', codes: [137000] }),
    );
    const { out, code } = await keyturn(['exposure', `+${waId}`]);
    expect(code).toBe(0);
    expect(out).toMatch(/Counted +P1 from .*2026-03-01 00:00:00Z/);
    expect(out).toMatch(/Before +1 delivered \(1 authentication\)\nAfter +nothing; 1 failed/);
    expect(out).toMatch(/2026-03-01 00:00:31Z +delivered +authentication +P1 +wamid\.X/);
    expect((await keyturn(['show', waId])).out).toContain(
      `1 delivered (1 authentication); since nothing; 1 failed. keyturn exposure ${contactId}`,
    );
    expect(await json('exposure', contactId)).toMatchObject({ contactId, items: [{ wamid: 'wamid.X' }] });
  });
});
