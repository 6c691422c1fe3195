import type { Tx } from '../database.ts';
import type { MirrorJob } from './mirror-work.ts';

/** What became of an action; null: the platform did it, else its code. */
export type MirrorOutcome = MirrorJob & { readonly refusedCode: number | null };

/** Notes what the platform is about to be asked to block: whatever happens in between, it is known that it may be so. */
export async function noteIntents(tx: Tx, jobs: readonly MirrorJob[], now: Date): Promise<void> {
  const blocks = jobs.filter(({ action }) => action === 'block');
  if (blocks.length === 0) return;
  await tx.query({
    name: 'block_mirror.intend',
    text: `insert into block_mirror (phone_number_id, scope, identifier, contact_id, changed_at)
           select phone_number_id, scope, identifier, contact_id, $5
           from unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) as j(phone_number_id, scope, identifier, contact_id)
           on conflict (phone_number_id, scope, identifier)
             do update set contact_id = excluded.contact_id, refused_code = null, changed_at = excluded.changed_at`,
    values: [...columnsOf(blocks), blocks.map(({ contactId }) => contactId), now],
  });
}

/** Records what the platform did and what it refused. */
export async function recordMirrored(tx: Tx, outcomes: readonly MirrorOutcome[], now: Date): Promise<void> {
  const gone = outcomes.filter(({ action, refusedCode }) => action === 'forget' || (action === 'unblock' && refusedCode === null));
  const rest = outcomes.filter((one) => !gone.includes(one));
  await tx.query({
    name: 'block_mirror.remove',
    text: `delete from block_mirror m using unnest($1::text[], $2::text[], $3::text[]) as j(phone_number_id, scope, identifier)
           where m.phone_number_id = j.phone_number_id and m.scope = j.scope and m.identifier = j.identifier`,
    values: columnsOf(gone),
  });
  await tx.query({
    name: 'block_mirror.record',
    text: `update block_mirror m set changed_at = $6, refused_code = j.refused_code,
             mirrored_at = case when j.action = 'unblock' or j.refused_code is not null then m.mirrored_at else $6 end
           from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[]) as j(phone_number_id, scope, identifier, refused_code, action)
           where m.phone_number_id = j.phone_number_id and m.scope = j.scope and m.identifier = j.identifier`,
    values: [...columnsOf(rest), rest.map(({ refusedCode }) => refusedCode), rest.map(({ action }) => action), now],
  });
}

const columnsOf = (jobs: readonly MirrorJob[]) => [
  jobs.map(({ phoneNumberId }) => phoneNumberId),
  jobs.map(({ scope }) => scope),
  jobs.map(({ identifier }) => identifier),
];
