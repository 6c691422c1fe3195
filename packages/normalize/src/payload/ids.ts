import type { Flag } from '@keyturn/contracts';
import { scalarText } from './json.ts';

/** What was found wrong so far while one item is read. */
export type Flags = Set<Flag>;

const WAMID_CHARACTERS_MAX = 512;
const BSUID_CHARACTERS_MAX = 200;
const HASH_CHARACTERS_MAX = 256;
const WA_ID = /^\d{3,20}$/;
const SEPARATORS = /[\s().+-]/g;
/** NUL can't be stored, and no id has any other of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f]/;

/** What every real id is made of. */
const PLAIN = /^[\x21-\x7e]+$/;

const isOpaqueId = (text: string, charactersMax: number): boolean =>
  text.length > 0 && text.length <= charactersMax && (PLAIN.test(text) || (!CONTROLS.test(text) && text.isWellFormed()));

/** Digits without `+` or separators. Null and the empty string count as left out; anything else that is no number raises `id_impossible`. */
export function readWaId(value: unknown, flags: Flags): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = scalarText(value);
  if (text !== undefined && WA_ID.test(text)) return text;
  const digits = text?.replace(SEPARATORS, '');
  if (digits !== undefined && WA_ID.test(digits)) return digits;
  flags.add('id_impossible');
  return undefined;
}

/** A BSUID or its parent. Null and the empty string count as left out; what breaks the rule raises `id_impossible`. */
export function readBsuid(value: unknown, flags: Flags): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = scalarText(value);
  if (text !== undefined && isOpaqueId(text, BSUID_CHARACTERS_MAX)) return text;
  flags.add('id_impossible');
  return undefined;
}

/** A key hash, compared by bytes. One that breaks the rule (empty, too long, no text) is left out and raises `hash_impossible`. */
export function readHash(value: unknown, flags: Flags): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = scalarText(value);
  if (text !== undefined && isOpaqueId(text, HASH_CHARACTERS_MAX)) return text;
  flags.add('hash_impossible');
  return undefined;
}

/** A message id as it is, and as an event may carry it: one that breaks the rule is cut to fit and raises `id_impossible`. Undefined where
 *  there is none. */
export function readWamid(value: unknown, flags: Flags): { readonly raw: string; readonly shown: string } | undefined {
  const raw = scalarText(value);
  if (raw === undefined || raw === '') return undefined;
  if (isOpaqueId(raw, WAMID_CHARACTERS_MAX)) return { raw, shown: raw };
  flags.add('id_impossible');
  return { raw, shown: raw.slice(0, WAMID_CHARACTERS_MAX).replaceAll('\0', '\u{fffd}').toWellFormed() };
}

/** An id of our own side (WABA, phone number); undefined where it is missing or can't be one. One that every object has (`__proto__`,
 *  `constructor`, …) is none: what is said of a number is kept under its id. */
export function readOwnId(value: unknown): string | undefined {
  const text = scalarText(value);
  return text !== undefined && isOpaqueId(text, 64) && !(text in {}) ? text : undefined;
}
