/** Parameters that any call to the platform may have, in its URL as in its body, and by which it is another one than it looks: a batch of calls, or one by
 *  another method (https://developers.facebook.com/docs/graph-api/batch-requests, read 2026). */
const TURNING: ReadonlySet<string> = new Set(['batch', 'method']);

/** The first of these names of parameters that makes a call another one, as it was spelled; undefined: none does. */
export const anotherCallBy = (names: readonly string[]): string | undefined => names.find((name) => TURNING.has(plain(name)));

/** One name can be spelled as a list's, too: `batch[0]`. */
const plain = (name: string): string => (name.split('[', 1)[0] ?? '').trim().toLowerCase();

/** The names of all parameters of a URL. Whatever follows a second question mark belongs to them as well. */
export function parametersIn(url: string): string[] {
  const from = url.indexOf('?');
  return from === -1 ? [] : [...new URLSearchParams(url.slice(from + 1)).keys()];
}
