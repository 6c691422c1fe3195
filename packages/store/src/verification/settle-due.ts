import type { VerificationChange, VerificationRule } from '@keyturn/contracts';
import {
  type ConsentState,
  consentSlice,
  type FollowUp,
  followUp,
  type IdentityState,
  identitySlice,
  type LastRequest,
  openChange,
  type Verifiable,
} from '@keyturn/domain';
import { maskWaId } from '@keyturn/runtime';
import type pg from 'pg';
import { type FollowedChange, keepOpenChanges } from '../alerts/keep-open-changes.ts';
import { type Tx, transact } from '../database.ts';
import { whoAre } from '../directory/whereabouts.ts';
import { contactIdentifiers, type HoldingsJson, holdingsFromJson } from '../holdings.ts';
import { dueForQueue } from '../queue/due.ts';
import { readVerificationRules } from './rules.ts';

const DUE_MAX = 200;
type Row = {
  contact_id: string;
  version: number;
  state: IdentityState;
  blocked_at: Date | null;
  is_blocked: boolean;
  holdings: HoldingsJson;
  consent: ConsentState | null;
  last_version: number | null;
  last_status: LastRequest['status'];
  last_attempts: number;
  last_next: Date;
};
type Asking = { readonly row: Row; readonly block: Verifiable; readonly rule: VerificationRule; readonly at: Date };
/** What following changes needs from the world. `newId`: UUIDv7. */
export type SettleShell = { readonly pool: pg.Pool; readonly now: () => Date; readonly newId: () => string };

/** Follows the next changes of who answers: supersedes what was asked about them, asks anew where a rule says so, and keeps what alerts look at. Answers
 *  how many changes. They are gone exactly if what follows from them is written; one process is at it at a time, and the others have nothing to do. */
export function settleDueVerifications({ pool, now, newId }: SettleShell): Promise<number> {
  return transact(pool, async (tx) => {
    if (!(await isOurTurn(tx))) return 0;
    const contactIds = await takeDue(tx);
    if (contactIds.length === 0) return 0;
    const { rules } = await readVerificationRules(tx);
    const at = now();
    const followed = (await readChanges(tx, contactIds)).map((row) => ({ row, ...followOne(row, rules, at) }));
    await keepOpenChanges(tx, followed.map(asOpenChange), at);
    await supersede(
      tx,
      followed.filter((one) => one.supersede).map(({ row }) => row.contact_id),
    );
    await ask(
      tx,
      followed.flatMap(({ row, block, ask }) =>
        block === null || ask === null ? [] : [{ row, block, rule: ask.rule, at: new Date(ask.at) }],
      ),
      { at, newId },
    );
    await dueForQueue(
      tx,
      followed.filter((one) => one.supersede || one.ask !== null).map(({ row }) => row.contact_id),
    );
    return contactIds.length;
  });
}

/** Keeps in step with the blocks what alerts look at, where it is not: of blocks that were there before alerts were, or that another release followed.
 *  Answers how many it looked at anew, of `max` at most. */
export function reconcileOpenChanges({ pool, now }: Pick<SettleShell, 'pool' | 'now'>, max: number): Promise<number> {
  return transact(pool, async (tx) => {
    if (!(await isOurTurn(tx))) return 0;
    const { rows } = await tx.query<{ contact_id: string }>({
      name: 'alerts.unfollowed',
      text: `(select i.contact_id from identity_state i left join alert_change c using (contact_id)
              where i.status = 'blocked' and i.merged_into is null and c.version is distinct from i.version limit $1)
             union (select c.contact_id from alert_change c join identity_state i using (contact_id)
              where i.status <> 'blocked' or i.merged_into is not null limit $1)`,
      values: [max],
    });
    if (rows.length === 0) return 0;
    const changes = await readChanges(
      tx,
      rows.map((row) => row.contact_id),
    );
    await keepOpenChanges(
      tx,
      changes.map((row) => asOpenChange({ row, block: blockOf(row) })),
      now(),
    );
    return rows.length;
  });
}

async function isOurTurn(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ ours: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('keyturn verification'), hashtext(current_schema())) as ours`,
  );
  return rows[0]?.ours === true;
}

async function takeDue(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ contact_id: string }>({
    name: 'verification.due',
    text: `delete from verification_due where due_id in (select due_id from verification_due order by due_id limit $1 for update skip locked)
           returning contact_id`,
    values: [DUE_MAX],
  });
  return rows.map(({ contact_id }) => contact_id);
}

/** As they are now, which is what the change made of them or newer; with those that they were merged into. */
async function readChanges(tx: Tx, contactIds: readonly string[]): Promise<Row[]> {
  const { rows } = await tx.query<Row>({
    name: 'verification.changes',
    text: `select i.contact_id, i.version, i.state, i.holdings, i.blocked_at, i.status = 'blocked' and i.merged_into is null as is_blocked, c.state as consent,
             l.version as last_version, l.status as last_status, l.attempts as last_attempts, l.next_attempt_at as last_next
           from identity_state i left join consent_state c using (contact_id)
             left join lateral (select * from verification v where v.contact_id = i.contact_id order by v.version desc limit 1) l on true
           where i.contact_id in (
             select unnest($1::uuid[]) union select merged_into from identity_state where contact_id = any($1::uuid[]) and merged_into is not null
           )`,
    values: [contactIds],
  });
  return rows;
}

function blockOf(row: Row): Verifiable | null {
  if (!row.is_blocked) return null;
  return { identity: identitySlice.view(row.state, row.version), consent: consentSlice.view(row.consent ?? consentSlice.empty, 0) };
}

function asOpenChange({ row, block }: { readonly row: Row; readonly block: Verifiable | null }): FollowedChange {
  const held = contactIdentifiers(holdingsFromJson(row.holdings)).filter(({ validTo }) => validTo === null);
  return { contactId: row.contact_id, change: block === null ? null : openChange(block.identity, block.consent, held, maskWaId) };
}

function followOne(row: Row, rules: readonly VerificationRule[], now: Date): FollowUp & { readonly block: Verifiable | null } {
  const block = blockOf(row);
  const last =
    row.last_version === null
      ? undefined
      : { version: row.last_version, status: row.last_status, attempts: row.last_attempts, nextAttemptAt: row.last_next.getTime() };
  return { block, ...followUp(last, block, rules, now.getTime()) };
}

async function supersede(tx: Tx, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.query({
    name: 'verification.supersede',
    text: `update verification set status = 'superseded' where contact_id = any($1::uuid[]) and status in ('waiting', 'delivered')`,
    values: [contactIds],
  });
}

async function ask(tx: Tx, asked: readonly Asking[], { at, newId }: { at: Date; newId: () => string }): Promise<void> {
  if (asked.length === 0) return;
  const changes = await changesOf(tx, asked);
  await tx.query({
    name: 'verification.ask',
    text: `insert into verification (request_id, contact_id, version, key_hash, rule, endpoint, verdicts, change, requested_at, valid_until, next_attempt_at)
           select request_id, contact_id, version, key_hash, rule, endpoint, string_to_array(verdicts, ','), change, $9, valid_until, next_attempt_at
           from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $10::timestamptz[], $11::timestamptz[])
             as a(request_id, contact_id, version, key_hash, rule, endpoint, verdicts, change, valid_until, next_attempt_at)
           on conflict do nothing`,
    values: [
      asked.map(() => newId()),
      asked.map(({ row }) => row.contact_id),
      asked.map(({ row }) => row.version),
      asked.map(({ block }) => block.identity.keyHash),
      asked.map(({ rule }) => rule.name),
      asked.map(({ rule }) => rule.endpoint),
      asked.map(({ rule }) => rule.verdicts.join(',')),
      changes.map((change) => JSON.stringify(change)),
      at,
      asked.map(({ rule }) => new Date(at.getTime() + rule.validForMinutes * 60_000)),
      asked.map((one) => one.at),
    ],
  });
}

async function changesOf(tx: Tx, asked: readonly Asking[]): Promise<VerificationChange[]> {
  const who = await whoAre(
    tx,
    asked.map(({ row }) => row.contact_id),
  );
  return asked.map(({ row, block: { identity } }) => ({
    contactId: row.contact_id,
    scope: who.get(row.contact_id)?.scope ?? 'default',
    identifiers: contactIdentifiers(who.get(row.contact_id)?.holdings ?? []),
    identity,
    since: (row.blocked_at as Date).toISOString(),
  }));
}
