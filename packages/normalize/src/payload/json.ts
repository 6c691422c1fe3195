/** A JSON object as parsed: nothing is known of its values. */
export type Json = Readonly<Record<string, unknown>>;
/** Something in the body and where it stands, as a JSON pointer. */
export type Placed = { readonly value: unknown; readonly path: string };

/** The object, or undefined for anything else; never throws. */
export const objectOf = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

/** The elements of an array; a lone value where an array was due counts as its only element, a missing one as none. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The same with their places, one after the other. */
export function* placedOf(value: unknown, path: string): Generator<Placed> {
  if (!Array.isArray(value)) {
    if (value !== undefined && value !== null) yield { value, path };
    return;
  }
  for (let index = 0; index < value.length; index += 1) yield { value: value[index], path: `${path}/${index}` };
}

/** The value under the first of these keys that is there. A key with null or the empty string counts as missing, so the next one is asked. */
export function firstOf(json: Json, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = json[key];
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerStep = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A string as it is, a whole number as its digits (ids come as both); undefined for anything else. A number beyond 2^53 lost digits in
 *  parsing, so it names nothing. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Text for people or for counting, bounded and storable: no NUL, no lone surrogate. Undefined where nothing is left. */
export function textOf(value: unknown, charactersMax: number): string | undefined {
  const whole = scalarText(value);
  if (whole === undefined || whole === '') return undefined;
  if (whole.length <= charactersMax && whole.isWellFormed() && !whole.includes('\0')) return whole;
  return whole.slice(0, charactersMax).replaceAll('\0', '').toWellFormed() || undefined;
}

/** A name or an id that the platform gives: a type, a status, a limit. Bounded as `Word` is. */
export const wordOf = (value: unknown): string | undefined => textOf(value, 64);
/** The same in lower case, for what one page writes in capitals and another does not. */
export const lowerWordOf = (value: unknown): string | undefined => wordOf(value)?.toLowerCase().slice(0, 64);

/** A whole number, which may come as its digits. */
export function wholeOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
/** The object without the keys whose value is undefined. */
export function present<T extends object>(object: T): Present<T> {
  const kept: Partial<T> = {};
  for (const key in object) if (object[key] !== undefined) kept[key] = object[key];
  return kept as unknown as Present<T>;
}
