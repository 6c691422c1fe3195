import { z } from 'zod';

/** Zeros of the digits that people type: Arabic-Indic, Persian and Urdu, Devanagari, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];
/** What stands between digits, and the marks of direction that are copied along from right-to-left text. */
const BETWEEN = /[\s().\-\u2010-\u2015\u2212/\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** The digits of a number as a person writes it: with `+` or `00` before the country code, separators, or the digits of their own script. What is
 *  no number comes back as it is, without what stood between. */
export const digitsOf = (spelled: string): string =>
  spelled
    .replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]/g, digitOf)
    .replace(/\uff0b/g, '+')
    .replace(BETWEEN, '')
    .replace(/^(\+|00)(?=\d)/, '');

function digitOf(character: string): string {
  const code = character.charCodeAt(0);
  return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
}

/** A number with its country code, in any spelling; reads as a `WaId`. */
export const SpelledNumber = z
  .string()
  .transform(digitsOf)
  .pipe(z.string().regex(/^\d{3,20}$/, 'write the number with its country code: 3 to 20 digits, with or without + or 00 and separators'));
