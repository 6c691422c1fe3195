import { AppError, type MemberChange, type MemberJson, type Role } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

type Row = {
  member_id: string;
  name: string;
  email: string | null;
  role: Role | null;
  by_oidc: boolean;
  by_password: boolean;
  created_at: Date;
  created_by: string;
  disabled_at: Date | null;
  last_login_at: Date | null;
};
const COLUMNS = `m.member_id, name, email, role, issuer is not null as by_oidc, p.member_id is not null as by_password,
  created_at, created_by, disabled_at, last_login_at`;
const FROM = 'from member m left join member_password p using (member_id)';

/** A member as they are kept; whether a login says the role is the console's to know. */
export type Member = Omit<MemberJson, 'roleByLogin'>;

/** All members, by name. */
export async function listMembers(tx: Tx): Promise<Member[]> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} ${FROM} order by lower(name), m.member_id`);
  return rows.map(toMember);
}

/** One of them; null: there is none. */
export async function readMember(tx: Tx, memberId: string): Promise<Member | null> {
  const { rows } = await tx.query<Row>(`select ${COLUMNS} ${FROM} where m.member_id = $1`, [memberId]);
  return rows[0] === undefined ? null : toMember(rows[0]);
}

/** Whether anybody was ever made a member. */
export async function hasMembers(tx: Tx): Promise<boolean> {
  const { rowCount } = await tx.query('select from member limit 1');
  return rowCount === 1;
}

/** A member to be, and who makes them one. */
export type NewMember = {
  readonly memberId: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role | null;
  readonly actor: string;
};
/** Makes a member. Throws `member.conflict` where somebody has the e-mail address. */
export async function createMember(tx: Tx, { memberId, name, email, role, actor }: NewMember, now: Date): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into member (member_id, name, email, role, created_at, created_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (email) do nothing`,
    [memberId, name, email?.toLowerCase() ?? null, role, now, actor],
  );
  if (rowCount === 1) return;
  throw new AppError('member.conflict', 'email: a member has this address already. Change that one instead, or take another address.', {
    detail: { reason: 'email_taken' },
  });
}

/** One at a time: whoever changes members, or makes one of a login. */
export const lockMembers = (tx: Tx) =>
  tx.query(`select pg_advisory_xact_lock(hashtextextended('keyturn.members:' || current_schema(), 0))`);

/** Changes a member; who is disabled is signed out. One at a time, since it never leaves the members without an admin: throws `member.conflict` where it
 *  would, `member.not_found`. */
export async function changeMember(tx: Tx, memberId: string, change: MemberChange, now: Date): Promise<Member> {
  await lockMembers(tx);
  const { name = null, role, disabled } = change;
  const before = await adminsBeside(tx, memberId);
  const { rowCount } = await tx.query(
    `update member set name = coalesce($2, name), role = case when $3 then $4 else role end,
       disabled_at = case when $5::boolean is null then disabled_at when $5 then coalesce(disabled_at, $6) end
     where member_id = $1`,
    [memberId, name, role !== undefined, role ?? null, disabled ?? null, now],
  );
  if (rowCount === 0) throw memberNotFound();
  const member = (await readMember(tx, memberId)) as Member;
  if (before.isAdmin && !before.others && !isAdmin(member))
    throw new AppError('member.conflict', 'This is the only admin who can sign in. Make another member an admin first.', {
      detail: { reason: 'last_admin' },
    });
  if (member.disabledAt !== null) await tx.query('delete from member_session where member_id = $1', [memberId]);
  return member;
}
/** That no member has an id. */
export const memberNotFound = (): AppError => new AppError('member.not_found', 'No member has this id. GET /v1/members lists them.');
const isAdmin = ({ role, disabledAt }: Member): boolean => role === 'admin' && disabledAt === null;

async function adminsBeside(tx: Tx, memberId: string): Promise<{ isAdmin: boolean; others: boolean }> {
  const { rows } = await tx.query<{ member_id: string }>(`select member_id from member where role = 'admin' and disabled_at is null`);
  return { isAdmin: rows.some((row) => row.member_id === memberId), others: rows.some((row) => row.member_id !== memberId) };
}

const toMember = (row: Row): Member => ({
  memberId: row.member_id,
  name: row.name,
  email: row.email,
  role: row.role,
  methods: [...(row.by_password ? (['password'] as const) : []), ...(row.by_oidc ? (['oidc'] as const) : [])],
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  disabledAt: row.disabled_at?.toISOString() ?? null,
  lastLoginAt: row.last_login_at?.toISOString() ?? null,
});
