import { ActorsPage } from '@keyturn/contracts';
import type { Io } from '../io.ts';
import type { Console } from './connect.ts';

/** What to call whoever did something. */
export type Named = (actor: string) => string;
/** Where something is shown, and what to call who did it. */
export type Naming = Pick<Io, 'now' | 'columns'> & { readonly named: Named };

/** Names for actors: those of members and keys, as far as this key may know them; whoever has none is called as the record has it. */
export async function namedActors(call: Console): Promise<Named> {
  const { items } = await call('GET', '/v1/actors').then(ActorsPage.parse, () => ({ items: [] }));
  const names = new Map(items.map(({ actor, name }) => [actor, actor.startsWith('key:') ? `key ${name}` : name]));
  return (actor) => names.get(actor) ?? actor;
}
