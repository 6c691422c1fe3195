import type { Line } from './line.ts';

/** Lets the database itself write down each move of an offset and each dead letter, in the transaction that makes it. */
export async function startAudit(line: Line): Promise<void> {
  await line.query(`
    create table chaos_offset (place bigint generated always as identity, group_id text, topic text, partition int, was bigint, becomes bigint, xid xid8 default pg_current_xact_id());
    create table chaos_letter (place bigint generated always as identity, topic text, partition text, record text);
    create function chaos_note_offset() returns trigger language plpgsql as $$ begin
      if new.next_offset <> old.next_offset then
        insert into chaos_offset (group_id, topic, partition, was, becomes)
        values (new.group_id, new.topic, new.partition, old.next_offset, new.next_offset);
      end if;
      return null;
    end $$;
    create function chaos_note_letter() returns trigger language plpgsql as $$ begin
      insert into chaos_letter (topic, partition, record) values (new.topic, new.headers->>'dead-letter-partition', new.headers->>'dead-letter-offset');
      return null;
    end $$;
    create trigger chaos_offset after update on consumer_offset for each row execute function chaos_note_offset();
    create trigger chaos_letter after insert on outbox for each row when (new.topic like '%.dlt') execute function chaos_note_letter();`);
}
