import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContactJson } from '@keyturn/contracts';
import { until } from '@keyturn/testkit';
import { message } from '../../../services/console/src/console.fixture.ts';
import { type Cli, cliWorld, T } from './cli.fixture.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await cliWorld(4915530000);
});
afterAll(() => cli.stop());

let open: (ContactJson & { waId: string })[];
/** Three are blocked, and nobody else. */
async function threeBlocked(): Promise<void> {
  await cli.keyturn(['bulk', 'decide', '--all', '--same-person', '--reason', 'a test begins', '--yes']);
  open = [await cli.blocked(), await cli.blocked(), await cli.blocked()];
  await sortedIn(3);
}
/** Resolves when the queue has sorted so many in by what one filters by. */
const sortedIn = (count: number) =>
  until(`${count} are sorted in`, async () => {
    const { body } = await cli.world.call('GET', '/v1/identity-changes?signal=hash&limit=200');
    return body.items.length === count;
  });
const statuses = () => Promise.all(open.map(async ({ waId }) => (await cli.world.find(waId)).identity.status));
const decide = ['bulk', 'decide', '--same-person', '--reason', 'carrier swapped SIM cards'];

describe('keyturn bulk decide', () => {
  beforeEach(threeBlocked);

  it('shows the dry run and asks; takes only a yes, and then decides on each', async () => {
    const declined = await cli.asked([...decide, '--all'], 'no');
    expect(declined.code).toBe(2);
    for (const part of [
      'same person: carrier swapped SIM cards',
      'To decide  3',
      'sending is allowed again',
      'Decide so on 3?',
      'Nothing was decided',
    ])
      expect(declined.said).toContain(part);
    expect(await statuses()).toEqual(['blocked', 'blocked', 'blocked']);
    const taken = await cli.asked([...decide, '--all'], 'y');
    expect(taken).toMatchObject({ code: 0, said: expect.stringMatching(/: done\n[\s\S]*Decided +3/) });
    expect(await statuses()).toEqual(['clear', 'clear', 'clear']);
  });

  it('in a script needs --yes, takes filters or names, and answers one document', async () => {
    expect(await cli.keyturn([...decide, '--all'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--yes') });
    const dry = await cli.json(...decide, '--signal', 'hash', '--older-than', '1d', '--dry-run');
    expect(dry).toMatchObject({ status: 'ready', counts: { waiting: 3 }, token: expect.any(String) });
    const [one, two] = open;
    const done = await cli.json(...decide, `+${one?.waId}`, String(two?.contactId), '--yes');
    expect(done).toMatchObject({ status: 'done', counts: { total: 2, decided: 2 } });
    expect(await statuses()).toEqual(['clear', 'clear', 'blocked']);
    expect((await cli.keyturn(['bulk', 'list'])).out).toMatch(new RegExp(`${done.bulkId} +done +2 of 2 .*carrier swapped`));
  });

  it('exit code 4 where something was not as it was seen, and rows that say what', async () => {
    const [, moves] = open;
    const answering = async (): Promise<string> => {
      await cli.world.says(message({ waId: moves?.waId ?? '', at: T + 120, hash: 'C=' })); // while somebody thinks
      return 'y';
    };
    const { code, said } = await cli.asked([...decide, '--all'], 'y', { ask: answering });
    expect(code).toBe(4);
    expect(said).toMatch(/Exceptions 1 something newer came in/);
    const bulkId = /keyturn bulk rows (\S+) --outcome exception/.exec(said)?.[1] ?? '';
    const rows = await cli.keyturn(['bulk', 'rows', bulkId, '--outcome', 'exception']);
    expect(rows.out).toMatch(new RegExp(`${moves?.contactId} +exception .*something newer came in`));
    expect(await statuses()).toEqual(['clear', 'blocked', 'clear']);
    expect((await cli.keyturn(['bulk', 'show', bulkId, '--wait'])).code).toBe(4);
    expect((await cli.keyturn(['bulk', 'cancel', bulkId])).code).toBe(4); // it is done
  });

  it('takes those in a file or on standard input, each as it was seen there: what moved on since stays blocked', async () => {
    const [, moves] = open;
    const seen = await cli.json('list');
    writeFileSync(path.join(cli.dir, 'seen.json'), JSON.stringify(seen));
    await cli.world.says(message({ waId: moves?.waId ?? '', at: T + 120, hash: 'C=' }));
    const { code, out } = await cli.keyturn([...decide, '--changes', 'seen.json', '--yes']);
    expect({ code, out }).toEqual({ code: 4, out: expect.stringMatching(/Decided +2\n[\s\S]*Exceptions 1 something newer came in/) });
    expect(await statuses()).toEqual(['clear', 'blocked', 'clear']);
    const { contactId, identity } = await cli.world.find(moves?.waId ?? '');
    const now = JSON.stringify([{ contactId, keyHash: identity.keyHash, version: identity.version }]);
    expect(await cli.keyturn([...decide, '--changes', '-', '--yes'], undefined, undefined, now)).toMatchObject({ code: 0 });
    expect(await statuses()).toEqual(['clear', 'clear', 'clear']);
  });

  it('exit code 4 where nothing can be decided on, and 3 where there is no such decision', async () => {
    const [one] = open;
    await cli.keyturn(['ack', String(one?.contactId), '--same-person', '--reason', 'x', '--yes']);
    expect(await cli.keyturn([...decide, String(one?.contactId), '--yes'])).toMatchObject({ code: 4, out: '' });
    expect((await cli.keyturn(['bulk', 'show', '01900000-0000-7000-8000-000000000001'])).code).toBe(3);
  });
});

describe('keyturn bulk decide, of what can’t be', () => {
  it.each([
    ['no JSON', 'contactId', 'is not JSON'],
    ['no list', '{"contactId":"x"}', 'is no list of changes'],
    ['a change without its version', '[{"contactId":"01900000-0000-7000-8000-000000000001","keyHash":null}]', 'is no list of changes'],
    ['nobody', '[]', 'holds 0 changes: one decision is about 1 to 10000'],
  ])('exit code 2 for a file with %s, which is said', async (_what, input, says) => {
    const answered = await cli.keyturn([...decide, '--changes', '-', '--yes'], undefined, undefined, input);
    expect(answered).toMatchObject({ code: 2, out: '', err: expect.stringContaining(says) });
  });

  it.each([
    ['neither names nor filters', decide],
    ['a file and a filter', [...decide, '--all', '--changes', 'seen.json']],
    ['a file that is not there', [...decide, '--changes', 'nowhere.json', '--yes']],
    ['both', [...decide, '--all', 'x']],
    ['no verdict', ['bulk', 'decide', '--all', '--reason', 'x']],
    ['an age that is none', [...decide, '--older-than', '4']],
    ['a signal that nobody knows', [...decide, '--signal', 'red']],
  ])('exit code 2 for %s', async (_what, args) => {
    expect(await cli.keyturn(args)).toMatchObject({ code: 2, out: '' });
  });
});

it('storms says how many wait and what they share; list shows one', async () => {
  await threeBlocked();
  for (let i = 0; i < 10; i++) await cli.blocked();
  await sortedIn(13);
  const { out } = await cli.keyturn(['storms']);
  expect(out).toMatch(/^13 wait for a decision\.\nBy cause +key changed 13\nBy number +P1 13\nAt stake .*utility 13/);
  expect(out).toMatch(/13 +key changed on P1, \+4915… +.*2026-03-01 00:01:00Z/);
  const { groups } = await cli.json('storms');
  expect((await cli.json('list', '--group', groups[0].group)).items).toHaveLength(13);
});
