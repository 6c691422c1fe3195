import { SECOND_MS } from '@keyturn/contracts';

/** ISO 8601 of whole seconds since 1970. */
export const instantOf = (seconds: number): string => new Date(seconds * SECOND_MS).toISOString();
/** The whole second since 1970 in which an instant lies. */
export const secondOf = (instant: string): number => Math.floor(Date.parse(instant) / SECOND_MS);
