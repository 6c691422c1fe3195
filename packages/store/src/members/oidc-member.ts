import type { Role } from '@keyturn/contracts';
import type { Tx } from '../database.ts';
import { createMember, lockMembers, type Member, readMember } from './members.ts';

/** Who somebody is, as the organisation's login vouches for it. */
export type OidcIdentity = {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  /** Null: none, or not verified. */
  readonly email: string | null;
  /** Null: no group of theirs has a role. Undefined: the login says nothing of roles. */
  readonly role: Role | null | undefined;
};
/** Why whoever signed in elsewhere does not come in here. */
export type OidcRefusal = 'unknown' | 'disabled' | 'no_role' | 'taken';

/** Who that is here: by what the login calls them, else, the first time, by the e-mail address that an admin made them a member with, else, where the login
 *  says the role, a new member. Where it says the role, that is the member's from now on, be it none. */
export async function oidcMember(tx: Tx, identity: OidcIdentity, memberId: string, now: Date): Promise<Member | OidcRefusal> {
  await lockMembers(tx);
  const found = (await bySubject(tx, identity)) ?? (await byEmail(tx, identity)) ?? (await made(tx, identity, memberId, now));
  if (!('memberId' in found)) return found.refusal;
  if (identity.role !== undefined) await tx.query('update member set role = $2 where member_id = $1', [found.memberId, identity.role]);
  const member = await readMember(tx, found.memberId);
  if (member === null) return 'unknown';
  if (member.disabledAt !== null) return 'disabled';
  return member.role === null ? 'no_role' : member;
}

type Found = { readonly memberId: string } | { readonly refusal: OidcRefusal };

async function bySubject(tx: Tx, { issuer, subject }: OidcIdentity): Promise<Found | null> {
  const { rows } = await tx.query<{ memberId: string }>('select member_id as "memberId" from member where issuer = $1 and subject = $2', [
    issuer,
    subject,
  ]);
  return rows[0] ?? null;
}

/** An address that is somebody else's to the same login was given to another person since: that is for an admin to look at. */
async function byEmail(tx: Tx, { email, ...identity }: OidcIdentity): Promise<Found | null> {
  if (email === null) return null;
  const { rows } = await tx.query<{ memberId: string; linked: boolean }>(
    'select member_id as "memberId", issuer is not null as linked from member where email = $1',
    [email.toLowerCase()],
  );
  const [found] = rows;
  if (found === undefined) return null;
  if (found.linked) return { refusal: 'taken' };
  return linked(tx, found.memberId, identity);
}

async function made(tx: Tx, { name, email, role, ...identity }: OidcIdentity, memberId: string, now: Date): Promise<Found> {
  if (role === undefined) return { refusal: 'unknown' };
  if (role === null) return { refusal: 'no_role' };
  await createMember(tx, { memberId, name, email, role, actor: 'oidc' }, now);
  return linked(tx, memberId, identity);
}

async function linked(tx: Tx, memberId: string, { issuer, subject }: Pick<OidcIdentity, 'issuer' | 'subject'>): Promise<Found> {
  await tx.query('update member set issuer = $2, subject = $3 where member_id = $1', [memberId, issuer, subject]);
  return { memberId };
}
