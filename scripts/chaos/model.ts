import type { Identifier } from '@keyturn/domain';
import { type Person, type Point, startLine } from '@keyturn/testkit/line-in-memory';
import { bodyOf, type Item } from './people.ts';

type Views = { readonly contact: unknown; readonly identity: unknown; readonly consent: unknown };
/** At one point: which of the persons at these points it is, and all that is known of them. Ids and versions apart, which depend on the order. */
export type Answer = { readonly point: string; readonly who: number } & Views;

/** What the pure domain makes of a person's items, without a line, a table or a topic. */
export type Model = {
  take(items: readonly Item[]): void;
  /** Releases whoever holds this identifier now, having seen all there is. */
  acknowledge(identifier: Identifier): void;
  identityOf(identifier: Identifier): unknown;
  points(): readonly Point[];
  answers(): Answer[];
};

/** A model of nobody yet. */
export function newModel(): Model {
  const line = startLine({ receivedAt: new Date() });
  const personAt = ({ identifier, at }: Point): Person => {
    const person = line.person(identifier, at);
    if (person === undefined) throw new Error(`nobody is known by ${identifier}`);
    return person;
  };
  return {
    take: (items) => void line.take(Buffer.from(bodyOf(items))),
    acknowledge(identifier) {
      const seen = line.person(identifier)?.identity;
      if (seen !== undefined) line.acknowledge(identifier, { keyHash: seen.keyHash, version: seen.version });
    },
    identityOf: (identifier) => line.person(identifier)?.identity,
    points: line.points,
    answers() {
      const points = line.points();
      const persons = new Map(points.map(personAt).map((person) => [person.contactId, person]));
      return answersAt(
        points,
        (point) => personAt(point).contactId,
        (contactId) => viewsOf(persons.get(contactId) as Person),
      );
    },
  };
}

const viewsOf = ({ contact, identity, consent }: Person): Views => ({ contact, consent, identity: { ...identity, version: 0 } });

/** The answers at these points, whoever is asked. */
export function answersAt(points: readonly Point[], holderOf: (point: Point) => string, viewsOf: (contactId: string) => Views): Answer[] {
  const unique = [...new Map(points.map((point) => [`${point.identifier} ${point.at}`, point])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const holders = unique.map(([, point]) => holderOf(point));
  return unique.map(([point], i) => ({ point, who: holders.indexOf(holders[i] as string), ...viewsOf(holders[i] as string) }));
}
