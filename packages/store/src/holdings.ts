import type { ContactIdentifier } from '@keyturn/contracts';
import { type Holding, type Identifier, identifierParts } from '@keyturn/domain';

/** Holdings as JSON keeps them: an open end is null, for JSON knows no infinity. */
export type HoldingsJson = readonly { identifier: Identifier; from: number | null; to: number | null }[];

export const holdingsToJson = (holdings: readonly Holding[]): string =>
  JSON.stringify(holdings.map(({ identifier, from, to }) => ({ identifier, from: finite(from), to: finite(to) })));
export const holdingsFromJson = (json: HoldingsJson): Holding[] => json.map(holdingOf);
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
export const instantOrNull = (seconds: number): string | null => (Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null);
const finite = (seconds: number) => (Number.isFinite(seconds) ? seconds : null);
