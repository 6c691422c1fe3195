import { isDeepStrictEqual } from 'node:util';
import { type AccountEvent, account, type MessageReceived } from '@keyturn/contracts';
import {
  learn,
  learnMessage,
  type Statement,
  type Subject,
  type SubjectState,
  sampled,
  statementsOf,
  unknownSubject,
} from '@keyturn/domain';
import { claim, conclude } from '../consume/claim.ts';
import { type Read, readAccount, readMessage } from '../consume/read-record.ts';
import { type Applied, aboutOf, deadEnd, type Ended, type PlainConsumer, type Run, type Shell, transactRun } from '../consume/run.ts';
import type { Tx } from '../database.ts';
import { addToDays, type DayOf } from './account-days.ts';
import { entryKey, keepEntries } from './account-entries.ts';
import { keyOf, loadSubjects, saveSubjects } from './account-repository.ts';

type Ours = AccountEvent | MessageReceived;
/** What a record says, and of whom. */
type Told = { readonly read: Read<Ours>; readonly statements: readonly Statement[] };
/** The rows of a transaction, as its records change them. */
type Fold = {
  readonly rows: Map<string, SubjectState>;
  readonly dirty: Map<string, Subject>;
  readonly days: Map<string, DayOf & { readonly entries: number[] }>;
};

/** Applies what the platform says of our numbers, accounts and templates, and counts which messages carried a key hash. Nothing of it is about a
 *  contact: rows are locked by what they are about, and a thing said twice is known the second time. */
export async function applyAccount(shell: Shell, consumer: PlainConsumer, run: Run): Promise<Applied> {
  const read = run.topic.name === account.name ? readAccount : readMessage;
  const told = run.records.map((record): Told => {
    const one: Read<Ours> = read(record);
    return { read: one, statements: one.kind === 'event' ? saidBy(one.event) : [] };
  });
  return transactRun(shell, consumer, run, async (tx) => {
    const now = shell.now();
    const rows = await loadSubjects(tx, run.refused === undefined ? subjectsOf(told) : []);
    await claim(tx, consumer, run);
    const known = new Map(rows);
    const fold: Fold = { rows, dirty: new Map(), days: new Map() };
    const fresh = run.refused === undefined ? await keepEntries(tx, entriesOf(told), now) : new Set<string>();
    const ended = told.map((one) => endOf(one, fold, fresh, run.refused));
    shell.stopRule.check(aboutOf(ended));
    await save(tx, fold, known, now);
    const dead = told.flatMap(({ read: one }, i) => {
      const error = one.kind === 'undecodable' ? one.error : run.refused;
      return ended[i]?.kind === 'dead_lettered' ? [{ record: one.record, error, contactId: null }] : [];
    });
    await conclude(tx, consumer, run, ended, dead, now);
    return { ended, blockedFrom: [] };
  });
}

const isMessage = (event: Ours): event is MessageReceived => event.type === 'message.received';
/** A message says nothing but that it came. */
const saidBy = (event: Ours): readonly Statement[] =>
  isMessage(event) ? [{ of: { kind: 'number', id: event.phoneNumberId }, says: {} }] : statementsOf(event);

const subjectsOf = (told: readonly Told[]): Subject[] => [
  ...new Map(told.flatMap(({ statements }) => statements).map(({ of }) => [keyOf(of), of] as const)).values(),
];

const entriesOf = (told: readonly Told[]) =>
  told.flatMap(({ read, statements }) => {
    if (read.kind !== 'event' || isMessage(read.event)) return [];
    const { event } = read;
    return statements.map(({ of }) => ({ event, of }));
  });

function endOf({ read, statements }: Told, fold: Fold, fresh: Set<string>, refused: unknown): Ended {
  if (read.kind === 'skipped') return { kind: 'skipped', reason: read.reason };
  if (read.kind === 'undecodable') return deadEnd(read.record, read.error);
  if (refused !== undefined) return deadEnd(read.record, refused);
  const { event } = read;
  const [first] = statements;
  if (first === undefined) return { kind: 'skipped', reason: 'not_kept' };
  if (isMessage(event)) {
    count(fold, first.of, event);
    return { kind: 'touched', contactId: first.of.id };
  }
  const news = statements.filter(({ of }) => fresh.delete(entryKey(of, event.id)));
  for (const { of, says } of news) change(fold, of, (state) => learn(state, says));
  return news.length > 0 ? { kind: 'applied', contactId: first.of.id } : { kind: 'skipped', reason: 'known' };
}

function change({ rows, dirty }: Fold, of: Subject, work: (state: SubjectState) => SubjectState): void {
  const key = keyOf(of);
  rows.set(key, work(rows.get(key) ?? unknownSubject));
  dirty.set(key, of);
}

function count(fold: Fold, of: Subject, message: MessageReceived): void {
  change(fold, of, (state) => learnMessage(state, message));
  const day = message.occurredAt.slice(0, 10);
  const key = `${of.id} ${day}`;
  const entry = sampled(message.id, message.identityKeyHash !== undefined);
  const known = fold.days.get(key);
  if (known === undefined) fold.days.set(key, { phoneNumberId: of.id, day, entries: [entry] });
  else known.entries.push(entry);
}

/** What is as it was, a message that is known, is not written. */
async function save(tx: Tx, { rows, dirty, days }: Fold, known: ReadonlyMap<string, SubjectState>, now: Date): Promise<void> {
  const changed = [...dirty].flatMap(([key, of]) => {
    const state = rows.get(key) as SubjectState;
    return isDeepStrictEqual(state, known.get(key)) ? [] : [{ ...of, state }];
  });
  await saveSubjects(tx, changed, now);
  await addToDays(tx, [...days.values()]);
}
