import type { Tx } from '../database.ts';

/** What is known of whoever signs in by this e-mail address. */
export type PasswordHolder = { readonly memberId: string; readonly hash: string; readonly disabled: boolean };

/** Who has this e-mail address and a password; null: nobody. */
export async function passwordHolder(tx: Tx, email: string): Promise<PasswordHolder | null> {
  const { rows } = await tx.query<PasswordHolder>({
    name: 'member.password',
    text: `select member_id as "memberId", hash, disabled_at is not null as disabled from member join member_password using (member_id)
           where email = $1`,
    values: [email.toLowerCase()],
  });
  return rows[0] ?? null;
}

/** Gives a member this password, by its hash, in place of any before. */
export async function setPassword(tx: Tx, memberId: string, hash: string, now: Date): Promise<void> {
  await tx.query(
    `insert into member_password (member_id, hash, set_at) values ($1, $2, $3)
     on conflict (member_id) do update set hash = excluded.hash, set_at = excluded.set_at`,
    [memberId, hash, now],
  );
}
