/** Country codes of two digits; those of +1 and +7 have one, all others three (ITU-T E.164, https://www.itu.int/pub/T-SP-E.164D, read 2026-11). */
const TWO_DIGITS = /^(2[07]|3[0123469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** So many of its last digits are never told: what is left stands in URLs, and is nobody's number. */
const HIDDEN = 4;

/** How a number begins, as far as it says who gave it out: the country code and the digits of the operator or area behind it. Numbers that were handed
 *  out again together begin alike. */
export function numberPrefix(waId: string): string {
  const digits = /^[17]/.test(waId) || TWO_DIGITS.test(waId) ? 4 : 5;
  return waId.slice(0, Math.max(0, Math.min(digits, waId.length - HIDDEN)));
}
