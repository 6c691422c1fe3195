import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { account, allTopics, contactEvents, identityEvents, identityState } from '@keyturn/contracts';
import { sweepOnce } from '@keyturn/store';
import { hasSchema } from '@keyturn/testkit/check-record';
import { sweptSlices } from '../../packages/store/src/relay/swept-slices.ts';
import { type Copy, startCopy } from './downstream/copy.ts';
import { ruleRecords, rules } from './downstream/rules.ts';
import { toolchains } from './downstream/toolchains.ts';
import { type Line, startLine } from './line.ts';
import { seededRun } from './seeded-run.ts';
import { until } from './until.ts';

/** CI has all three languages; elsewhere a language that is not there is reported as such, by name. */
const there = await Promise.all(
  toolchains.map(async (toolchain) => ({ toolchain, is: process.env.CI === 'true' || (await toolchain.isThere()) })),
);
for (const { toolchain, is } of there) {
  if (!is) it.todo(`NOT RUN: the copy in ${toolchain.language}, whose tools are not on this machine`);
}
const languages = there.filter(({ is }) => is).map(({ toolchain }) => toolchain);
const SEED = Number(process.env.KEYTURN_SEED ?? 7);

type Numbers = Record<string, string>;
let line: Line;
const live = new Map<string, Copy>();
const commands = new Map<string, readonly string[]>();
const copyOf = (language: string, topic: string): Copy =>
  startCopy(commands.get(language) ?? [], { brokers: line.kafka.brokers, topic: line.kafka.prefix + topic });
/** Does something with a copy that is made for it alone. */
async function withCopy<Result>(language: string, topic: string, use: (copy: Copy) => Promise<Result>): Promise<Result> {
  const copy = copyOf(language, topic);
  return use(copy).finally(() => copy.stop());
}

beforeAll(async () => {
  for (const { language, command } of languages) commands.set(language, await command());
  line = await startLine();
  for (const { language } of languages) live.set(language, copyOf(language, identityState.name));
  await seededRun(line, SEED, { persons: 30, numbers: 40, rounds: 6, turns: 100 });
  const told = await line.read(identityState.name);
  await line.write(identityState.name, ...told.filter((_, i) => i % 3 === 0).toReversed()); // late: after what is newer
  await line.write('rules', ...ruleRecords);
  await line.write('refused', asleep(told[0]?.value));
});
afterAll(async () => {
  for (const copy of live.values()) await copy.stop();
  await line.stop();
});

/** A state that no schema knows. */
const asleep = (value: Buffer | null | undefined) => ({
  key: Buffer.from('somebody'),
  value: Buffer.from(String(value).replace(/"status":"\w+"/, '"status":"asleep"')),
});

/** What PostgreSQL says: of each number that somebody holds now, the status; the strictest, where several do. */
async function truth(): Promise<Numbers> {
  const rows = await line.query<{ number: string; status: string }>(
    `select substr(p.identifier, 3) as number, min(s.status) as status
     from identifier_period p join identity_state s using (contact_id)
     where p.identifier like 'w:%' and p."from" <= now() and now() < p."to" and s.status <> 'unknown'
     group by p.identifier`, // 'blocked' comes before 'clear'
  );
  return Object.fromEntries(rows.map(({ number, status }) => [number, status]));
}

/** The copy's table once it is current; of whom nothing is known it may say so, or nothing. */
async function tableOf(copy: Copy): Promise<Numbers> {
  let numbers: Numbers = {};
  await until('the copy is current', async () => {
    const answer = await copy.ask<{ current: boolean; numbers: Numbers }>('all');
    numbers = answer.numbers;
    return answer.current;
  });
  return Object.fromEntries(Object.entries(numbers).filter(([, status]) => status !== 'unknown'));
}

/** The topic as compaction leaves it after a day: all states told again, and of each contact the last record only. */
let compacting: Promise<string> | undefined;
async function compact(): Promise<string> {
  await line.query('analyze identity_state');
  await line.query(`update state_sweep set after = null, round_at = '-infinity' where slice = 'identity'`);
  const identity = sweptSlices.filter(({ name }) => name === 'identity');
  for (const slice of identity) await sweepOnce(line.pool, slice, new Date(), { tickMs: 1, roundMs: 1, contactsMax: 10_000 });
  await line.settled();
  const last = new Map((await line.read(identityState.name)).map((record) => [String(record.key), record] as const));
  expect([...last.values()].every(({ headers }) => String(headers?.republished) === 'true')).toBe(true);
  await line.write('compacted', ...last.values());
  return 'compacted';
}

it(`seed ${SEED} has all that makes it hard, and every record on every topic is what its published schema says`, async () => {
  const topics = allTopics.filter(({ name }) => hasSchema(name));
  const told = await Promise.all(topics.map(async ({ name }) => ({ name, records: await line.read(name) }))); // each is held to its schema
  expect(told.filter(({ records }) => records.length === 0).map(({ name }) => name)).toEqual([account.name]); // nothing unknown came
  const events = told.filter(({ name }) => name === contactEvents.name || name === identityEvents.name).flatMap(({ records }) => records);
  const types = new Set(events.map(({ headers }) => String(headers?.['event-type'])));
  for (const type of ['contact.merged', 'contact.split', 'contact.number_changed', 'identity.blocked', 'identity.acknowledged'])
    expect([...types]).toContain(type);
  const statuses = Object.values(await truth());
  expect(statuses.filter((status) => status === 'blocked').length).toBeGreaterThan(4);
  expect(statuses.filter((status) => status === 'clear').length).toBeGreaterThan(4);
});

describe.each(languages.map(({ language }) => [language]))('a copy in %s, from the topic and its schema alone', (language) => {
  it('that followed all of it has, for each number, what PostgreSQL has', async () => {
    expect(await tableOf(live.get(language) as Copy)).toEqual(await truth());
  });

  it('made anew from the whole log has it too', async () => {
    const table = await withCopy(language, identityState.name, tableOf);
    expect(table).toEqual(await truth());
  });

  it('answers for a number in any of its spellings, and of one that nobody holds that it does not know', async () => {
    const copy = live.get(language) as Copy;
    const status = async (number: string) => (await copy.ask<{ status: string }>(number)).status;
    const known = await truth();
    const brazilian = Object.keys(known).filter((number) => /^55\d\d9/.test(number));
    expect(brazilian.length).toBeGreaterThan(0);
    for (const number of brazilian)
      expect([number, await status(`+${number.slice(0, 4)} ${number.slice(5)}`)]).toEqual([number, known[number]]);
    expect(await status('999999999')).toBe('unknown');
  });

  it('keeps every rule of docs/downstream.md', async () => {
    await withCopy(language, 'rules', async (copy) => {
      await tableOf(copy);
      for (const { rule, number, status } of rules) {
        const answer = await copy.ask<{ status: string }>(number);
        expect([rule, answer.status]).toEqual([rule, status]);
      }
    });
  });

  it('made anew from what compaction leaves has it once all was told again', async () => {
    compacting ??= compact();
    const table = await withCopy(language, await compacting, tableOf);
    expect(table).toEqual(await truth());
  });

  it('stops at a record that the schema refuses, rather than miss it', async () => {
    const asked = (copy: Copy) => until('it stops', async () => (await copy.ask<unknown>('all')) === null);
    await expect(withCopy(language, 'refused', asked)).rejects.toThrow('ended by itself');
  });
});
