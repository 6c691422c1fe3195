import type { ConsentCategory } from '@keyturn/contracts';

/** A message that somebody wants to send, as far as the gate judges it. */
export type Send = {
  readonly phoneNumberId: string;
  /** The number as the sender spells it; of a group its id. */
  readonly to: string | null;
  /** A BSUID or parent BSUID. */
  readonly recipient: string | null;
  readonly group: boolean;
  /** `service` is free-form. Null: a template of a category that nobody knows, which has to be allowed as any of them. */
  readonly category: ConsentCategory | null;
  /** `recipient_identity_key_hash`, where the sender names one. */
  readonly identityKeyHash: string | null;
  /** It is counted already, so no cap is against it. */
  readonly counted?: true;
};

/** Digits of scripts that people write numbers in, by their zero: Arabic-Indic, extended Arabic-Indic, Devanagari, full width. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0xff10];
const digitOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const zero = ZEROS.find((one) => code >= one && code <= one + 9);
  return zero === undefined ? character : String(code - zero);
};
const SPELLED = /^[+＋]?[\d\s().\-‐-―]+$/u;
/** As nearly every program spells a number. */
const ASCII = /^[ -~]*$/;
/** Marks that turn the direction of text, which come along when a number is copied out of a page. */
const INVISIBLE = /\p{Cf}/gu;
/** As most programs spell it: digits alone, and nothing says that they are in full. */
const PLAIN = /^[1-9]\d{2,19}$/;
const DIGITS_MIN = 3;
const DIGITS_MAX = 20;
/** Of a number that can be dialled (https://www.itu.int/rec/T-REC-E.164, read 2026). */
const E164_MAX = 15;

/** The digits of a number in whatever spelling, without `+` and `00`; null: it can be no number. Nothing else is judged: form never overrides what the
 *  platform calls a person. */
export function digitsOf(spelled: string): string | null {
  if (PLAIN.test(spelled)) return spelled;
  const plain = plainOf(spelled);
  if (!SPELLED.test(plain)) return null;
  const digits = plain.replace(/\D/g, '').replace(/^00/, '');
  return digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX ? digits : null;
}

/** What else the platform may take a number for that is written without `+` or `00`: it puts the country code of our own number before it
 *  (https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages, read 2026). As it is written, and without the
 *  zeros before it, which are dialled at home alone. Empty: it can be nothing else. */
export function homeReadings(spelled: string, countryCode: string): string[] {
  const digits = digitsOf(spelled);
  if (digits === null || isInFull(spelled)) return [];
  const readings = new Set([countryCode + digits, countryCode + digits.replace(/^0+/, '')]);
  return [...readings].filter(({ length }) => length <= DIGITS_MAX);
}

/** Those of them that can be a number at all. What begins with the code already is in full: so the platform itself names numbers in its webhooks, and so its
 *  own examples send to them. */
export const possibleAtHome = (spelled: string, countryCode: string): string[] =>
  digitsOf(spelled)?.startsWith(countryCode) ? [] : homeReadings(spelled, countryCode).filter(({ length }) => length <= E164_MAX);

/** Under what it is remembered what the platform calls a number that is spelled so; null: it can be no number. In full it is called the same whichever number
 *  of ours it is sent from; else the country code of that one may come before it, so it is remembered for that one alone. */
export function spellingKey(spelled: string, phoneNumberId: string): string | null {
  const digits = digitsOf(spelled);
  return digits === null ? null : isInFull(spelled) ? `+${digits}` : `${phoneNumberId}:${digits}`;
}

/** Whether a number says of itself that its country code is there. */
const isInFull = (spelled: string): boolean => !PLAIN.test(spelled) && /^(?:[+＋]|00)/.test(plainOf(spelled).replace(/[^\d+＋]/g, ''));
const plainOf = (spelled: string): string =>
  ASCII.test(spelled) ? spelled.trim() : Array.from(spelled.replace(INVISIBLE, '').trim(), digitOf).join('');
