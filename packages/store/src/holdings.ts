import type { ContactIdentifier } from '@keyturn/contracts';
import { type Holding, type Identifier, identifierParts, instantOf } from '@keyturn/domain';

/** Holdings as JSON keeps them: an open end is null, for JSON knows no infinity. */
export type HoldingsJson = readonly { identifier: Identifier; from: number | null; to: number | null }[];

/** Holdings as they are stored. */
export const holdingsToJson = (holdings: readonly Holding[]): string =>
  JSON.stringify(holdings.map(({ identifier, from, to }) => ({ identifier, from: finite(from), to: finite(to) })));
/** Holdings as they were stored. */
export const holdingsFromJson = (json: HoldingsJson): Holding[] => json.map(holdingOf);
/** One of them. */
export const holdingOf = ({ identifier, from, to }: HoldingsJson[number]): Holding => ({
  identifier,
  from: from ?? Number.NEGATIVE_INFINITY,
  to: to ?? Number.POSITIVE_INFINITY,
});

/** Holdings as everybody may read them. */
export const contactIdentifiers = (holdings: readonly Holding[]): ContactIdentifier[] =>
  holdings.map(({ identifier, from, to }) => ({
    ...identifierParts(identifier),
    validFrom: instantOrNull(from),
    validTo: instantOrNull(to),
  }));

/** An instant of the directory (whole seconds) as ISO 8601; null where the end is open. */
export const instantOrNull = (seconds: number): string | null => (Number.isFinite(seconds) ? instantOf(seconds) : null);

/** Holdings as columns for an `unnest` of text[], timestamptz[], timestamptz[]: what, from when, to when. */
export const holdingColumns = (holdings: readonly Holding[]): [identifiers: string[], from: string[], to: string[]] => [
  holdings.map(({ identifier }) => identifier),
  holdings.map(({ from }) => instantOrNull(from) ?? '-infinity'),
  holdings.map(({ to }) => instantOrNull(to) ?? 'infinity'),
];
const finite = (seconds: number) => (Number.isFinite(seconds) ? seconds : null);
