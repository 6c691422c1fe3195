import { AppError } from '@keyturn/contracts';
import pg from 'pg';
import type { Tx } from './database.ts';

/** Tables whose rows are evidence: the services add to them, and can't rewrite them. */
const APPEND_ONLY = [
  'journal',
  'identity_decision',
  'dead_letter_decision',
  'consent_ledger',
  'account_entry',
  'replay',
  'gate_decision',
  'outbound_sent',
  'verification_rules',
  'runbook',
  'audit_log',
  'alert_setting',
];
/** What only a migration writes. */
const READ_ONLY = ['migration'];

/** Gives a role what the services need of the schema, and takes what they don't: they own and make nothing, and evidence can only be added. A second
 *  run changes nothing. Throws `config.invalid` where there is no such role, or it is the
 *  owner itself. */
export async function grantTo(tx: Tx, schema: string, role: string): Promise<void> {
  await refuseRole(tx, role);
  const [inSchema, toRole] = [pg.escapeIdentifier(schema), pg.escapeIdentifier(role)];
  const { rows } = await tx.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    [schema],
  );
  const grants = rows.map(({ name }) => `grant ${rightsOn(name)} on ${inSchema}.${pg.escapeIdentifier(name)} to ${toRole};`);
  await tx.query(
    `begin;
     revoke all on all tables in schema ${inSchema} from ${toRole};
     grant usage on schema ${inSchema} to ${toRole};
     grant execute on all functions in schema ${inSchema} to ${toRole};
     ${grants.join('\n')}
     commit;`,
  );
}

async function refuseRole(tx: Tx, role: string): Promise<void> {
  const { rows } = await tx.query<{ self: boolean }>('select rolname = current_user as self from pg_roles where rolname = $1', [role]);
  const [found] = rows;
  if (found === undefined)
    throw new AppError(
      'config.invalid',
      `there is no role ${role} to grant to: create role ${pg.escapeIdentifier(role)} login password '…'`,
    );
  if (found.self) throw new AppError('config.invalid', `${role} is the role that migrates: the services' role must be another one`);
}

function rightsOn(table: string): string {
  if (READ_ONLY.includes(table)) return 'select';
  return APPEND_ONLY.includes(table) ? 'select, insert' : 'select, insert, update, delete';
}
