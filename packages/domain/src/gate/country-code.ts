/** Country codes are free of prefixes: of one digit, of two, and all others of three
 *  (https://www.itu.int/pub/T-SP-E.164D, list of assigned codes, read 2026). */
const CODE = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)/;

/** The country code of a number that is written in full; null: it begins with none. */
export const countryCodeOf = (digits: string): string | null => CODE.exec(digits)?.[0] ?? null;
