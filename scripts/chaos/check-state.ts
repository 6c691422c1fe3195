import { isDeepStrictEqual } from 'node:util';
import { consentSlice, contactSlice, identitySlice } from '@keyturn/domain';
import { CONTACT_STATE } from '@keyturn/store';
import type { Point } from '@keyturn/testkit/line-in-memory';
import type { Findings } from './findings.ts';
import type { Line } from './line.ts';
import { type Answer, answersAt, newModel } from './model.ts';
import type { Plan } from './people.ts';

const PEOPLE_PER_READ = 200;

type Row = { identifier: string; at: number; contact_id: string; contact: never; identity: never; consent: never };

/** What the database has about everybody is what the pure domain makes of all that was answered 200, and there is nobody else. */
export async function checkState(line: Line, people: readonly Plan[], findings: Findings): Promise<void> {
  for (let from = 0; from < people.length; from += PEOPLE_PER_READ)
    await checkPeople(line, people.slice(from, from + PEOPLE_PER_READ), findings);
  const known = new Set(people.flatMap(({ parts }) => parts.flat().flatMap(identifiersOf)));
  const rows = await line.query<{ value: string }>(`select distinct split_part(identifier, ':', -1) as value from identifier_period`);
  for (const { value } of rows.filter((row) => !known.has(row.value))) findings.add('invented', `nobody ever named ${value}`);
}

async function checkPeople(line: Line, people: readonly Plan[], { add }: Findings): Promise<void> {
  const told = people.map((plan) => ({ plan, model: modelOf(plan) }));
  const points = told.flatMap(({ model }) => model.points());
  const rows = await line.query<Row>(
    `select i.identifier, i.at, p.contact_id, ${CONTACT_STATE} as contact, d.state as identity, n.state as consent
     from unnest($1::text[], $2::int[]) i(identifier, at)
     join identifier_period p on p.identifier = i.identifier and p."from" <= to_timestamp(i.at) and p."to" > to_timestamp(i.at)
     left join contact_state s using (contact_id) left join identity_state d using (contact_id) left join consent_state n using (contact_id)`,
    [points.map(({ identifier }) => identifier), points.map(({ at }) => at)],
  );
  const stored = new Map(rows.map((row) => [`${row.identifier} ${row.at}`, row]));
  const byContact = new Map(rows.map((row) => [row.contact_id, row]));
  const holderOf = ({ identifier, at }: Point) => stored.get(`${identifier} ${at}`)?.contact_id ?? `nobody at ${identifier}`;
  const viewsOf = (contactId: string) => {
    const row = byContact.get(contactId);
    return {
      contact: contactSlice.view(row?.contact ?? contactSlice.empty, 0),
      identity: identitySlice.view(row?.identity ?? identitySlice.empty, 0),
      consent: consentSlice.view(row?.consent ?? consentSlice.empty, 0),
    };
  };
  for (const { plan, model } of told) compare(plan, model.answers(), answersAt(model.points(), holderOf, viewsOf), add);
}

function modelOf(plan: Plan) {
  const model = newModel();
  for (const [part, items] of plan.parts.entries()) {
    model.take(items);
    if (plan.decidedAfter === part) model.acknowledge(`w:${plan.waId}`);
  }
  return model;
}

function compare({ name }: Plan, expected: readonly Answer[], found: readonly Answer[], add: Findings['add']): void {
  for (const [i, answer] of expected.entries()) {
    const other = found[i] as Answer;
    const differs = (['who', 'contact', 'identity', 'consent'] as const).filter((what) => !isDeepStrictEqual(answer[what], other[what]));
    if (differs.length === 0) continue;
    const isBlocked = (one: Answer) => (one.identity as { status: string }).status === 'blocked';
    const kind = isBlocked(answer) && !isBlocked(other) ? 'wronglyReleased' : 'lost';
    const [must, is] = [answer, other].map((one) => JSON.stringify(differs.map((what) => one[what])));
    add(kind, `${name} at ${answer.point}: ${differs.join(', ')} must be ${must} and is ${is}`);
    return;
  }
}

const identifiersOf = ({ item, contact }: Plan['parts'][number][number]): string[] => {
  const { wa_id: changed } = (item.system ?? {}) as { wa_id?: string };
  return [item.from, item.from_user_id, item.recipient_id, changed, contact?.wa_id, contact?.user_id].filter(
    (one) => typeof one === 'string',
  );
};
