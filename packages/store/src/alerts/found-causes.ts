import { type AlertFacts, DAY_MS, type PhoneNumberJson } from '@keyturn/contracts';
import { factsOf, isFalling, type WatchingRule } from '@keyturn/domain';
import { listNumbers, readCoverage } from '../account/read-numbers.ts';
import type { Tx } from '../database.ts';
import { silentLine } from './silence.ts';

/** What is wrong now, by its cause, as one rule looks for it. It reads what there is, whatever there ever was. */
export type Causes = ReadonlyMap<string, AlertFacts>;
type Rule = Exclude<WatchingRule, { kind: 'identity_changes' }>;
type Of<Kind extends Rule['kind']> = Extract<Rule, { kind: Kind }>;

/** More numbers, groups or dead letters than these are not looked at. */
const NUMBERS_MAX = 1_000;
const LETTERS_MAX = 100_000;

/** Finds the causes of a rule that looks at the line or at our numbers, not at people. */
export function findCauses(tx: Tx, rule: Rule, now: Date): Promise<Causes> {
  switch (rule.kind) {
    case 'numbers':
      return numbersInTrouble(tx, rule, now);
    case 'coverage':
      return checksInTrouble(tx, rule, now);
    case 'late':
      return whatIsLate(tx, rule, now);
    case 'dead_letters':
      return openLetters(tx, rule);
    case 'ungated':
      return ungatedSends(tx, rule, now);
    case 'no_webhooks':
      return noWebhooks(tx, rule);
    case 'route_failing':
      return failingRoutes(tx);
    default:
      return rule satisfies never;
  }
}

async function numbersOf(tx: Tx, { phoneNumberIds }: Of<'numbers'>['when'], now: Date): Promise<PhoneNumberJson[]> {
  const numbers = await listNumbers(tx, NUMBERS_MAX, null, now);
  return numbers.filter(({ phoneNumberId }) => phoneNumberIds === undefined || phoneNumberIds.includes(phoneNumberId ?? ''));
}
const whichOf = ({ phoneNumberId, displayNumber, verifiedName }: PhoneNumberJson) => ({
  subject: phoneNumberId ?? displayNumber,
  name: verifiedName,
});

async function numbersInTrouble(tx: Tx, { when }: Of<'numbers'>, now: Date): Promise<Causes> {
  const causes = new Map<string, AlertFacts>();
  for (const number of await numbersOf(tx, when, now)) {
    const { connection, quality, account } = number;
    const which = whichOf(number);
    const flagged = quality?.status === 'flagged' ? quality : null;
    if (flagged !== null) causes.set(`${which.subject}:flagged`, factsOf('number_flagged', { ...which, since: flagged.at }));
    if (connection.status === 'disconnected')
      causes.set(
        `${which.subject}:lost`,
        factsOf('number_lost', { ...which, since: connection.since, detail: connection.reason ?? connection.event }),
      );
    for (const { restriction, since } of account?.restrictions ?? [])
      causes.set(`${which.subject}:restricted:${restriction}`, factsOf('number_restricted', { ...which, since, detail: restriction }));
    const ban = account?.ban ?? null;
    if (ban !== null && ban.state !== 'REINSTATE')
      causes.set(`${which.subject}:banned`, factsOf('number_restricted', { ...which, since: ban.at, detail: ban.state }));
  }
  return causes;
}

const WEEK_MS = 7 * DAY_MS;
async function checksInTrouble(tx: Tx, { when }: Of<'coverage'>, now: Date): Promise<Causes> {
  const causes = new Map<string, AlertFacts>();
  for (const number of await numbersOf(tx, when, now)) {
    const { identityCheck, phoneNumberId } = number;
    const isUsed = identityCheck.lastMessageAt !== null && Date.parse(identityCheck.lastMessageAt) > now.getTime() - WEEK_MS;
    if (phoneNumberId === null || !isUsed) continue;
    const which = { ...whichOf(number), since: identityCheck.lastHashAt };
    if (identityCheck.status === 'off') causes.set(`${phoneNumberId}:off`, factsOf('check_off', which));
    else if (identityCheck.status === 'partly' || isFalling(await readCoverage(tx, phoneNumberId, now), now))
      causes.set(`${phoneNumberId}:falling`, factsOf('check_falling', { ...which, detail: shareOf(identityCheck.newest) }));
  }
  return causes;
}
const shareOf = ({ messages, withHash }: PhoneNumberJson['identityCheck']['newest']) => `${withHash}/${messages}`;

async function whatIsLate(tx: Tx, { when }: Of<'late'>, now: Date): Promise<Causes> {
  const { rows } = await tx.query<{ what: 'consumer_late' | 'outbox_late'; subject: string | null; since: Date }>({
    name: 'alerts.late',
    text: `select 'consumer_late' as what, group_id as subject, min(caught_up_at) as since from consumer_offset group by group_id
           union all (select 'outbox_late', null, created_at from outbox order by position limit 1)`,
  });
  const late = rows
    .map((row) => ({ ...row, seconds: (now.getTime() - row.since.getTime()) / 1000 }))
    .filter(({ seconds }) => seconds > when.seconds);
  return new Map(
    late.map(({ what, subject, since, seconds }) => [
      `${what}:${subject ?? ''}`,
      factsOf(what, { subject, count: Math.round(seconds), since: since.toISOString() }),
    ]),
  );
}

async function openLetters(tx: Tx, { when }: Of<'dead_letters'>): Promise<Causes> {
  const { rows } = await tx.query<{ group_id: string; code: string; open: number; since: Date }>({
    name: 'alerts.dead-letters',
    text: `select group_id, code, count(*)::int as open, min(dead_lettered_at) as since
           from (select group_id, code, dead_lettered_at from dead_letter where status = 'open' limit $2) o
           group by 1, 2 having count(*) >= $1`,
    values: [when.atLeast, LETTERS_MAX],
  });
  return new Map(
    rows.map(({ group_id, code, open, since }) => [
      `${group_id}:${code}`,
      factsOf('dead_letters', { subject: group_id, count: open, since: since.toISOString(), detail: code }),
    ]),
  );
}

async function ungatedSends(tx: Tx, { when }: Of<'ungated'>, now: Date): Promise<Causes> {
  const { rows } = await tx.query<{ phone_number_id: string; sends: number; since: Date }>({
    name: 'alerts.ungated',
    text: `select phone_number_id, sum(messages)::int as sends, min(day)::timestamptz as since from ungated_day
           where day >= $1::date - 1 and ($2::text[] is null or phone_number_id = any($2)) group by 1 having sum(messages) >= $3`,
    values: [now.toISOString().slice(0, 10), when.phoneNumberIds ?? null, when.atLeast],
  });
  return new Map(
    rows.map(({ phone_number_id, sends, since }) => [
      phone_number_id,
      factsOf('ungated_sends', { subject: phone_number_id, count: sends, since: since.toISOString() }),
    ]),
  );
}

async function noWebhooks(tx: Tx, { when }: Of<'no_webhooks'>): Promise<Causes> {
  const silence = await silentLine(tx, when);
  return new Map(silence === null ? [] : [['silence', silence]]);
}

async function failingRoutes(tx: Tx): Promise<Causes> {
  const { rows } = await tx.query<{ name: string; failing_since: Date; last_outcome: string; last_answer: string | null }>({
    name: 'alerts.failing-routes',
    text: 'select name, failing_since, last_outcome, last_answer from alert_route where failing_since is not null',
  });
  return new Map(
    rows.map(({ name, failing_since, last_outcome, last_answer }) => [
      name,
      factsOf('route_failing', {
        ...{ subject: name, since: failing_since.toISOString(), detail: [last_outcome, last_answer].filter(Boolean).join(': ') },
      }),
    ]),
  );
}
