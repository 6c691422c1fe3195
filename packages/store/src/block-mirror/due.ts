import type { Tx } from '../database.ts';

/** A contact that somebody has taken on, and as of which generation. */
export type Due = { readonly contactId: string; readonly generation: number; readonly attempts: number };

/** Says that the blocks of these contacts may have to be carried over to the platform. In the transaction that changed them. */
export async function dueForMirror(tx: Tx, contactIds: readonly string[]): Promise<void> {
  if (contactIds.length === 0) return;
  await tx.query({
    name: 'block_mirror.due',
    text: `insert into block_mirror_due (contact_id) select unnest($1::uuid[]) order by 1
           on conflict (contact_id) do update set due_at = now(), generation = block_mirror_due.generation + 1, attempts = 0`,
    values: [contactIds],
  });
}

/** Takes on contacts that are due, those first that have been for longest; nobody else has them until `leasedUntil`. */
export async function takeDue(tx: Tx, now: Date, leasedUntil: Date, limit: number): Promise<Due[]> {
  const { rows } = await tx.query<{ contact_id: string; generation: number; attempts: number }>({
    name: 'block_mirror.take',
    text: `update block_mirror_due set leased_until = $2
           where contact_id in (
             select contact_id from block_mirror_due where due_at <= $1 and (leased_until is null or leased_until <= $1)
             order by due_at limit $3 for update skip locked
           )
           returning contact_id, generation, attempts`,
    values: [now, leasedUntil, limit],
  });
  return rows.map(({ contact_id, ...row }) => ({ contactId: contact_id, ...row }));
}

/** Gives contacts back: those with a `dueAt` come again then, the others are done. One that changed meanwhile comes again at once. */
export async function settleDue(tx: Tx, settled: readonly (Due & { readonly dueAt: Date | null })[]): Promise<void> {
  const [again, done] = [settled.filter(({ dueAt }) => dueAt !== null), settled.filter(({ dueAt }) => dueAt === null)];
  const keys = (some: readonly Due[]) => [some.map(({ contactId }) => contactId), some.map(({ generation }) => generation)];
  await tx.query({
    name: 'block_mirror.done',
    text: `delete from block_mirror_due d using unnest($1::uuid[], $2::int[]) as s(contact_id, generation)
           where d.contact_id = s.contact_id and d.generation = s.generation`,
    values: keys(done),
  });
  await tx.query({
    name: 'block_mirror.again',
    text: `update block_mirror_due d set due_at = s.due_at, attempts = d.attempts + 1
           from unnest($1::uuid[], $2::int[], $3::timestamptz[]) as s(contact_id, generation, due_at)
           where d.contact_id = s.contact_id and d.generation = s.generation`,
    values: [...keys(again), again.map(({ dueAt }) => dueAt)],
  });
  await tx.query({
    name: 'block_mirror.release',
    text: 'update block_mirror_due set leased_until = null where contact_id = any($1::uuid[])',
    values: [settled.map(({ contactId }) => contactId)],
  });
}
