import pg from 'pg';
import type { Line } from '../chaos/line.ts';

/** Has the database tell, by `notify`, who is blocked or has left a number. PostgreSQL delivers that after the commit, once no snapshot that is taken can miss
 *  it; so whoever is told has seen the commit before every statement that begins later. */
export async function watchBlocks(
  line: Line,
  url: string,
  schema: string,
  told: (contactId: string) => void,
): Promise<{ stop(): Promise<void> }> {
  await line.query(`
    create function race_note() returns trigger language plpgsql as $$ begin
      perform pg_notify('race', new.contact_id::text);
      return null;
    end $$;
    create trigger race_blocked after update on identity_state for each row
      when (new.status = 'blocked' and old.status is distinct from 'blocked') execute function race_note();
    create trigger race_moved after insert on contact_signal for each row execute function race_note();`);
  const client = new pg.Client({ connectionString: url, options: `-c search_path=${schema}`, application_name: 'witness' });
  client.on('error', () => {});
  client.on('notification', ({ payload = '' }) => told(payload));
  await client.connect();
  await client.query('listen race');
  return { stop: () => client.end() };
}
