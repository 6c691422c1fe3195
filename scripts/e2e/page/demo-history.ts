import pg from 'pg';

/** Nights and days of a week, an hour of silence, and three hours in which nobody counted. */
const WEBHOOKS = `
  insert into webhook_count
  select at, case when at between now() - interval '20 hours' and now() - interval '19 hours' then 0
                  else (70 + 55 * sin((extract(hour from at) - 8) / 24 * 2 * pi()) + 12 * sin(extract(epoch from at) / 1300))::int end, least(at + interval '5 minutes', now())
  from generate_series(date_bin('5 minutes', now() - interval '7 days', 'epoch'), now(), interval '5 minutes') as t(at)
  where at not between now() - interval '11 hours' and now() - interval '8 hours' on conflict do nothing`;
const SENDS = `
  insert into gate_day
  select current_date - d, $1, 'utility', decision, (case decision when 'allow' then 900 else 60 end * (1 + 0.4 * sin(d)))::int
  from generate_series(0, 24) as t(d), unnest(array['allow', 'deny']) as o(decision) on conflict do nothing`;
const PAST_THE_GATE = `
  insert into ungated_day (day, phone_number_id, messages) select current_date - d, $1, n from (values (19, 12), (18, 5), (11, 1)) as t(d, n) on conflict do nothing`;

/** Tells a line what weeks would have brought it. */
export async function demoHistory(databaseUrl: string, phoneNumberId: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=keyturn' });
  await client.connect();
  await client.query(WEBHOOKS);
  for (const sent of [SENDS, PAST_THE_GATE]) await client.query(sent, [phoneNumberId]);
  await client.end();
}
