/** The languages that every word is there in. */
export const languages = ['en', 'ar'] as const;
export type Language = (typeof languages)[number];

/** Dates and counts as the language writes them, with the digits and the calendar that are on a bill of lading and a phone alike. */
export const localeOf: Readonly<Record<Language, string>> = { en: 'en-GB', ar: 'ar-EG-u-nu-latn-ca-gregory' };
