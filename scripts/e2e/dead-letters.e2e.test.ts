import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ContactJson, consentState, consumerTopics, type DeadLetterJson, identityEvents } from '@keyturn/contracts';
import { compileCache } from '@keyturn/testkit';
import { ADMIN_KEY, type Line, startLine } from './line.ts';
import { bodyOf, text as textOf } from './payload.ts';
import { until } from './until.ts';

let line: Line;
beforeAll(async () => {
  line = await startLine();
});
afterAll(() => line.stop());

/** One command line, in a process of its own. */
async function keyturn(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const root = path.join(import.meta.dirname, '../..');
  const env = { PATH: process.env.PATH, ...compileCache(), KEYTURN_URL: line.consoleUrl, KEYTURN_API_KEY: ADMIN_KEY };
  const child = spawn(process.execPath, ['packages/cli/src/main.ts', 'dead-letters', ...args], { cwd: root, env });
  child.stdin.end();
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out: out.trimEnd(), err };
}
const listed = async (group: string, code = 'store.data') =>
  (await line.api<{ items: DeadLetterJson[] }>('GET', `/v1/dead-letters?limit=200&group=${group}&code=${code}`)).body.items;
const find = async (waId: string) =>
  (await line.api<{ items: ContactJson[] }>('POST', '/v1/contacts/search', { waId })).body.items[0] as ContactJson;
const people = Array.from({ length: 12 }, (_, i) => ({ waId: `49152100000${String(i).padStart(2, '0')}` }));

it('what the database refused is listed, fails again while the fault lasts, and once mended is as if it had come in time', async () => {
  await line.query(`alter table identity_state add constraint fault check (state::text not like '%POISON%') not valid`);
  await line.query(`alter table consent_state add constraint fault check (state::text not like '%w:4915210000%') not valid`);
  for (const person of people) expect(await line.post(bodyOf([textOf(person, 0, 'h1'), textOf(person, 60, 'POISON')]))).toBe(200);
  await line.settled();
  const [letters, consents] = [await listed('identity'), await listed('consent')];
  expect(letters).toHaveLength(people.length);
  expect(consents).toHaveLength(2 * people.length);

  const still = await keyturn('redrive', ...letters.map(({ deadLetterId }) => deadLetterId), '--reason', 'too early', '--yes');
  expect(still).toMatchObject({ code: 1, out: `Read again: 0 of ${people.length}. Failed again: ${people.length}.` });
  expect(still.err).toMatch(/Read again: \d+ of 12\n/);
  expect(await listed('identity')).toMatchObject(
    letters.map(({ deadLetterId, attempts }) => ({ deadLetterId, attempts: attempts + 1, decision: { reason: 'too early' } })),
  );

  for (const table of ['identity_state', 'consent_state']) await line.query(`alter table ${table} drop constraint fault`);
  const live = async () => {
    for (const person of people) expect(await line.post(bodyOf([textOf(person, 120, 'h3')]))).toBe(200);
  };
  const both = await Promise.all([keyturn('redrive', '--all', '--reason', 'mended', '--yes', '--json'), live()]);
  expect(both[0].code).toBe(0);
  expect(JSON.parse(both[0].out)).toMatchObject({ decided: 3 * people.length, letters: { redriven: 3 * people.length, open: 0 } });
  const twice = await keyturn('redrive', ...letters.map(({ deadLetterId }) => deadLetterId), '--reason', 'again', '--yes');
  expect(twice).toMatchObject({ code: 4, out: '' });
  await line.settled();

  const inTime = { waId: '4915210000099' };
  for (const [at, hash] of [
    [0, 'h1'],
    [60, 'POISON'],
    [120, 'h3'],
  ] as const)
    expect(await line.post(bodyOf([textOf(inTime, at, hash)]))).toBe(200);
  await line.settled();
  const expected = await find(inTime.waId);
  for (const { waId } of people) {
    const contact = await find(waId);
    expect(contact.consent).toEqual(expected.consent);
    expect(contact.identity).toMatchObject({ status: 'blocked', keyHash: 'h3', keyHashes: expected.identity.keyHashes });
    const kinds = contact.identity.evidence.map(({ kind, keyHash }) => [kind, keyHash]);
    expect(kinds).toEqual(expect.arrayContaining(expected.identity.evidence.map(({ kind, keyHash }) => [kind, keyHash])));
    expect(kinds).toContainEqual(['undecided', null]);
    const decision = { keyHash: 'h3', version: contact.identity.version, verdict: 'same_person', reason: 'called back' };
    const answer = await line.api('POST', `/v1/contacts/${contact.contactId}/identity/acknowledgements`, decision);
    expect(answer.status).toBe(201);
  }
  await line.settled();
  for (const topic of [identityEvents, consentState]) await inOrder(topic.name);
});

async function inOrder(topic: string): Promise<void> {
  const records = await line.read(topic);
  const byContact = Map.groupBy(
    records
      .filter(({ headers }) => headers?.republished === undefined)
      .map(({ value }) => JSON.parse(String(value)) as { contactId: string; version: number }),
    ({ contactId }) => contactId,
  );
  for (const told of byContact.values()) expect(told.map(({ version }) => version)).toEqual(told.map((_, i) => i + 1));
}

const groups = Object.keys(consumerTopics);
it('a record that nobody can read is discarded, with the reason', async () => {
  await line.write('whatsapp.inbound.v1', { key: Buffer.from('4915210000077'), value: Buffer.from('{"type":') });
  await until('it is listed for each group', async () =>
    (await Promise.all(groups.map((group) => listed(group, 'event.undecodable')))).every((one) => one.length === 1),
  );
  const [letter] = await listed('contact', 'event.undecodable');
  expect(letter).toMatchObject({ code: 'event.undecodable', key: '491********77', contactId: null });
  const show = await keyturn('show', letter?.deadLetterId ?? '');
  expect(show.out).toMatch(/no JSON; base64: eyJ0eXBlIjo=/);
  const discarded = await keyturn('discard', '--code', 'event.undecodable', '--reason', 'written by a test', '--yes');
  expect(discarded).toMatchObject({ code: 0, out: `Discarded: ${groups.length}.` });
  const found = await line.api<{ items: DeadLetterJson[] }>('GET', '/v1/dead-letters?status=discarded');
  expect(found.body.items.map(({ decision }) => decision)).toEqual(
    groups.map(() => expect.objectContaining({ actor: 'key:bootstrap', reason: 'written by a test' })),
  );
});
