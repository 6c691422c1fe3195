import { consentEvents, consentState, contactEvents, contactState, identityEvents, identityState } from '@keyturn/contracts';
import type { Findings } from './findings.ts';
import type { Ledger } from './ledger.ts';
import type { Line } from './line.ts';
import { readTopic, type TopicRecord } from './read-topic.ts';

const told = [
  { slice: 'contact', table: 'contact', events: contactEvents, state: contactState },
  { slice: 'identity', table: 'identity_state', events: identityEvents, state: identityState },
  { slice: 'consent', table: 'consent_state', events: consentEvents, state: consentState },
] as const;

type Told = { readonly version: number; readonly text: string };

/** What was told of each contact is its whole story: versions from 1 to the row's, in order and without a gap, each with its journal entry, twice only
 *  with the same words; and the last state record is the row's. */
export async function checkTold(line: Line, { add }: Findings): Promise<void> {
  for (const { slice, table, events, state } of told) {
    const rows = await line.query<{ contact_id: string; version: number; entries: number; versions: number }>(
      `select s.contact_id, s.version, count(j.version)::int as entries, count(distinct j.version)::int as versions
       from ${table} s left join journal j on j.contact_id = s.contact_id and j.slice = $1 group by 1, 2`,
      [slice],
    );
    const storyOf = Map.groupBy(await readTopic(line, events.name), ({ key }) => key);
    const stateOf = new Map((await readTopic(line, state.name)).map((record) => [record.key, toldIn(record).version]));
    for (const { contact_id: id, version, entries, versions } of rows) {
      const about = `${slice} of ${id}`;
      if (versions < version) add('lost', `${about}: ${versions} of ${version} versions are in the journal`);
      if (entries > versions || versions > version) add('doubled', `${about}: ${entries} journal entries for version ${version}`);
      checkStory(`${about} on ${events.name}`, (storyOf.get(id) ?? []).map(toldIn), version, add);
      if (version > 0 && stateOf.get(id) !== version)
        add('lost', `${about}: the last state record is version ${stateOf.get(id)}, the row ${version}`);
    }
    const ids = new Set(rows.map(({ contact_id: id }) => id));
    for (const key of storyOf.keys()) if (!ids.has(key)) add('invented', `${events.name} tells of ${key}, whom nobody knows`);
  }
}

const toldIn = ({ value }: TopicRecord): Told => {
  const text = String(value);
  return { version: (JSON.parse(text) as { version: number }).version, text };
};

function checkStory(about: string, story: readonly Told[], version: number, add: Findings['add']): void {
  const first = new Map<number, string>();
  for (const { version: is, text } of story) {
    const before = first.get(is);
    if (before === undefined && is !== first.size + 1) add('lost', `${about}: version ${is} comes after ${first.size}`);
    if (before !== undefined && before !== text) add('doubled', `${about}: version ${is} says two things`);
    if (is > version) add('invented', `${about}: version ${is}, and the row has ${version}`);
    first.set(is, text);
  }
  if (first.size < version) add('lost', `${about}: ${first.size} of ${version} versions were told`);
}

/** Nobody was released but by a decision that was asked for and had seen what there was. */
export async function checkReleases(line: Line, { attempts }: Ledger, { add }: Findings): Promise<void> {
  const decisions = await line.query<{ decision_id: string; contact_id: string; reason: string }>('select * from identity_decision');
  const asked = new Map(attempts.map((attempt) => [attempt.reason, attempt]));
  for (const { reason } of decisions) if (asked.get(reason)?.stale !== false) add('wronglyReleased', `the decision "${reason}" was taken`);
  for (const { reason, stale, status } of attempts) {
    if (stale && status === 201) add('wronglyReleased', `the outdated decision "${reason}" was accepted`);
    if (status === 201 && !decisions.some((decision) => decision.reason === reason))
      add('lost', `the decision "${reason}" was answered 201`);
  }
  const known = new Set(decisions.map((decision) => decision.decision_id));
  const releases = await line.query<{ contact_id: string; version: number; type: string; decision: string | null }>(
    `select contact_id, version, type, detail->'decision'->>'decisionId' as decision from journal
     where slice = 'identity' and before->>'status' = 'blocked' and after->>'status' <> 'blocked' and type <> 'identity.regrouped'`,
  );
  for (const { contact_id: id, version, type, decision } of releases)
    if (type !== 'identity.acknowledged' || decision === null || !known.has(decision))
      add('wronglyReleased', `${id} by ${type}, version ${version}, without a decision`);
  const twice = await line.query<{ name: string; count: number }>(
    `select split_part(reason, ' ', 1) as name, count(*)::int as count from identity_decision group by 1 having count(*) > 1`,
  );
  for (const { name, count } of twice) add('doubled', `${name} was decided on ${count} times`);
}
