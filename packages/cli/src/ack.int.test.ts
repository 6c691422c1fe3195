import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { message } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld, T } from './cli.fixture.ts';
import { exitCodes } from './exit-codes.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915510000);
});
afterAll(() => cli.stop());
const keyturn: Cli['keyturn'] = (...args) => cli.keyturn(...args);
const json: Cli['json'] = (...args) => cli.json(...args);
const blocked: Cli['blocked'] = (name) => cli.blocked(name);

describe('ack', () => {
  it('decides on what it has read just now, where it is told not to ask', async () => {
    const { contactId, waId } = await blocked();
    const asked = await cli.process(['ack', waId, '--same-person', '--reason', 'called back']);
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.err).toContain('--yes');
    const done = await cli.process(['ack', waId, '--same-person', '--reason', 'called back', '--yes']);
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain(`${contactId} is clear`);
    const again = await keyturn(['ack', waId, '--same-person', '--reason', 'called back', '--yes']);
    expect(again.code).toBe(4);
    expect(again.err).toContain('nothing to decide');
  });

  it('asks, showing the evidence and what follows, and takes only a yes', async () => {
    const { waId } = await blocked();
    const asking = (answer: string) => cli.asked(['ack', waId, '--different-person', '--reason', 'called'], answer);
    const declined = await asking('');
    expect(declined.code).toBe(exitCodes.usage);
    for (const part of [
      ...[`Somebody else may hold +${waId}`, '14 min ago', 'key B=', 'Nothing was decided.'],
      '  Same person: sending is allowed again; opted in to utility, authentication, service.',
      '> Different person: sending is allowed again; the number starts afresh as a new contact; ',
    ])
      expect(declined.said).toContain(part);
    expect((await cli.world.find(waId)).identity.status).toBe('blocked');
    const taken = await asking('y');
    expect(taken).toMatchObject({ code: 0, said: expect.stringContaining('Whoever has the number now is contact') });
  });

  it('a newer change that comes in while somebody thinks stops the decision, and is shown', async () => {
    const { waId } = await blocked();
    const ask = async () => {
      await cli.world.says(message({ waId, at: T + 120, hash: 'C=' }));
      return 'y';
    };
    const { code, said } = await cli.asked(['ack', waId, '--same-person', '--reason', 'called'], 'y', { ask });
    expect(code).toBe(exitCodes.conflict);
    expect(said).toMatch(/Now it is blocked, version \d+, key C=\.\n(.*\n)*.*message with key C= to P1/);
    expect(said).toContain('Something newer came in than this decision has seen.');
    expect((await cli.world.find(waId)).identity).toMatchObject({ status: 'blocked', keyHash: 'C=' });
  });

  it('a different person is a new contact, and the answer says which', async () => {
    const { contactId, waId } = await blocked();
    const answer = await json(
      'ack',
      contactId,
      '--different-person',
      '--reason',
      'new holder',
      '--note',
      'ticket 1',
      '--evidence-url',
      'https://bank.example/1',
      '--yes',
    );
    expect(answer).toMatchObject({
      contactId,
      decision: { verdict: 'different_person', note: 'ticket 1', evidenceUrl: 'https://bank.example/1' },
    });
    expect((await cli.world.find(waId)).contactId).toBe(answer.decision.newContactId);
  });

  it('decides on what was seen before and nothing else; a refusal has the state now', async () => {
    const { contactId, identity } = await blocked();
    const seen = (version: number) => [
      'ack',
      contactId,
      '--same-person',
      '--reason',
      'branch',
      '--key-hash',
      'B=',
      '--version',
      String(version),
    ];
    const stale = await cli.process([...seen(identity.version + 1), '--json']);
    expect(stale.code).toBe(4);
    expect(JSON.parse(stale.out)).toMatchObject({
      status: 409,
      reason: 'moved_on',
      identity: { status: 'blocked', version: identity.version },
    });
    const { key } = await json('keys', 'create', '--name', 'branch', '--scope', 'identity:decide');
    expect((await keyturn(seen(identity.version), { KEYTURN_API_KEY: key })).code).toBe(0);
  });

  it.each([
    ['no verdict', ['ack', 'x', '--reason', 'y', '--yes']],
    ['two verdicts', ['ack', 'x', '--same-person', '--different-person', '--reason', 'y', '--yes']],
    ['no reason', ['ack', 'x', '--same-person', '--yes']],
    ['no reason for a block', ['block', 'x']],
    ['half of what was seen', ['ack', 'x', '--same-person', '--reason', 'y', '--key-hash', 'B=']],
    ['a version that is none', ['ack', 'x', '--same-person', '--reason', 'y', '--key-hash', 'B=', '--version', 'two']],
    ['an unknown command', ['akc']],
    ['no command', []],
    ['a limit that can’t be', ['list', '--limit', '1000']],
    ['a scope that nobody knows', ['keys', 'create', '--name', 'x', '--scope', 'write']],
    ['an URL that is none', ['list', '--url', 'localhost']],
  ])('exit code 2 for %s, and nothing on standard output', async (_what, args) => {
    const { code, out, err } = await keyturn(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toBe('');
  });
});

describe('block, unblock, blocks', () => {
  it('block by choice, show it, list it, and lift it once', async () => {
    const { contactId, waId } = await blocked();
    const set = await keyturn(['block', `+${waId}`, '--reason', 'threats', '--note', 'case 1']);
    expect(set).toMatchObject({ code: 0, err: '' });
    expect(set.out).toContain(`${contactId} is blocked by choice since`);
    await cli.world.says(message({ waId, at: T + 120 }));
    expect((await keyturn(['show', contactId])).out).toMatch(/Blocked by choice .* by key:bootstrap: threats\. They wrote .*00:02:00Z/);
    const list = await keyturn(['blocks', '--wrote']);
    expect(list.out).toMatch(new RegExp(`\\+${waId}.*${contactId}.*00:02:00Z.*threats`));
    expect(await json('blocks')).toMatchObject({ items: [{ contactId, businessBlock: { reason: 'threats' } }], nextCursor: null });
    const { key } = await json('keys', 'create', '--name', 'desk', '--scope', 'contact:write');
    const lift = ['unblock', contactId, '--reason', 'settled'];
    expect(await keyturn(lift, { KEYTURN_API_KEY: key })).toMatchObject({
      code: 0,
      out: `${contactId} is not blocked by choice any more.\n`,
    });
    expect((await keyturn(lift)).code).toBe(4);
    expect((await keyturn(['blocks'])).out).toBe('Nobody is blocked by choice.\n');
    expect((await keyturn(['timeline', contactId, '--limit', '1'])).out).toMatch(/contact\.business_unblocked +key desk +settled/);
  });
});
