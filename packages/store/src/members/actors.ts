import type { ActorJson } from '@keyturn/contracts';
import type { Tx } from '../database.ts';

const ACTORS = `select 'member:' || member_id as actor, name from member union all select 'key:' || key_id as actor, name from api_key`;

/** Whoever may stand as an actor, by name: all members and keys there ever were, since what they did names them for good. */
export async function listActors(tx: Tx): Promise<ActorJson[]> {
  const { rows } = await tx.query<ActorJson>({ name: 'actors.list', text: `${ACTORS} order by actor` });
  return rows;
}

/** What an actor is called; null: nobody of a name, such as a service or the key that keyturn was started with. */
export async function nameOfActor(tx: Tx, actor: string): Promise<string | null> {
  const { rows } = await tx.query<ActorJson>({
    name: 'actors.name',
    text: `select * from (${ACTORS}) a where actor = $1`,
    values: [actor],
  });
  return rows[0]?.name ?? null;
}
