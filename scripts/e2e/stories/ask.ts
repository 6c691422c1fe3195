import type { ContactJson } from '@keyturn/contracts';
import { readContacts } from '@keyturn/store';
import { T0 } from '@keyturn/testkit';
import type { Line } from '../line.ts';
import { anonymous, type Cast, identifierOf, type Point } from './story.ts';
import type { Telling } from './tellings.ts';

/** What anybody is answered about the points of a story. */
export type Answers = {
  /** As in `Story.ends`. */
  readonly ends: Readonly<Record<string, string>>;
  /** All of it but ids and versions, with the names of the cast taken out. */
  readonly whole: string;
  readonly contacts: readonly ContactJson[];
};
type Asked = { readonly telling: Telling; readonly point: Point };
const pointsOf = ({ story }: Telling) => Object.keys(story.ends).flatMap((points) => points.split(', ') as Point[]);

/** Asks as `POST /v1/contacts/search` does, for all tellings at once. */
export async function askAll(line: Line, tellings: readonly Telling[]): Promise<Map<Telling, Answers>> {
  const asked = tellings.flatMap((telling) => pointsOf(telling).map((point): Asked => ({ telling, point })));
  const holders = await holdersAt(line, asked);
  const contacts = await readContacts(line.pool, [...new Set(holders.flatMap((id) => id ?? []))], new Date());
  const known = new Map(contacts.map((contact) => [contact.contactId, contact]));
  const found = asked.map((one, i) => ({ ...one, contact: known.get(holders[i] ?? '') }));
  return new Map([...Map.groupBy(found, ({ telling }) => telling)].map(([telling, points]) => [telling, answersOf(telling, points)]));
}

async function holdersAt(line: Line, asked: readonly Asked[]): Promise<(string | null)[]> {
  const rows = await line.query<{ contact_id: string | null }>(
    `select p.contact_id from unnest($1::text[], $2::float8[]) with ordinality as asked(identifier, at, place)
     left join identifier_period p on p.identifier = asked.identifier and p."from" <= to_timestamp(asked.at) and p."to" > to_timestamp(asked.at)
     order by asked.place`,
    [
      asked.map(({ telling, point }) => identifierOf(telling.cast, point.split(' ')[0] as keyof Cast)),
      asked.map(({ point }) => T0 + Number(point.split(' ')[1])),
    ],
  );
  return rows.map((row) => row.contact_id);
}

function answersOf({ story, cast }: Telling, points: readonly { point: Point; contact: ContactJson | undefined }[]): Answers {
  const ids = [...new Set(points.flatMap(({ contact }) => contact?.contactId ?? []))];
  const letter = ({ contactId }: ContactJson) => String.fromCharCode('A'.charCodeAt(0) + ids.indexOf(contactId));
  const inShort = (contact: ContactJson | undefined) => (contact === undefined ? 'nobody' : `${letter(contact)} ${standingOf(contact)}`);
  const whole = points.map(({ point, contact }) => ({
    point,
    ...(contact && { ...contact, contactId: letter(contact), identity: { ...contact.identity, version: 0 } }),
    ...(contact?.businessBlock && { businessBlock: { ...contact.businessBlock, blockedAt: 'when the act was' } }),
  }));
  const at = (point: string) => inShort(points.find((one) => one.point === point)?.contact);
  const ends = Object.keys(story.ends).map((together) => [together, [...new Set(together.split(', ').map(at))].join(' and ')]);
  return {
    ends: Object.fromEntries(ends),
    whole: anonymous(JSON.stringify(whole, withoutEventIds, 1), cast),
    contacts: ids.flatMap((id) => points.find(({ contact }) => contact?.contactId === id)?.contact ?? []),
  };
}
/** Each telling's events have ids of their own. */
const withoutEventIds = (key: string, value: unknown) => (key === 'eventId' ? undefined : value);
const standingOf = ({ businessBlocked, identity: { status, keyHash, evidence } }: ContactJson) =>
  [...(businessBlocked ? ['barred'] : []), status, keyHash ?? '-', ...evidence.map(({ kind }) => kind)].join(' ');
