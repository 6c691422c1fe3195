import { randomInt } from 'node:crypto';
import { AppError } from '@keyturn/contracts';

/** A body of parts, on its way to another reader. */
export type Multipart = {
  /** What goes on in place of `content-type`. */
  readonly contentType: string;
  /** The same bytes, as they come, with boundaries that nobody could know before. Throws `request.invalid` for a part that may not be, or can be read in two
   *  ways, before anything of it goes on; and where it ends before its end. */
  through(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
};

/** Shorter ones could be guessed; no client makes them. */
const BOUNDARY = /^multipart\/form-data *;(?: *charset=[\w-]+ *;)? *boundary=("?)([\w'()+,./:=?-]{16,70})\1 *$/i;
const HEAD_BYTES_MAX = 8 * 1024;
const CRLF = '\r\n';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const invalid = (what: string): AppError => new AppError('request.invalid', `the body: ${what}`);

/** Reads a body as `multipart/form-data` whose fields all have names that `mayBe` allows; null: its type says that it is something else. Another reader may take
 *  the same bytes for other parts than we do, but not with a boundary that was made here: so no part goes on whose name was not looked at. It stays as long
 *  as it was. Throws `request.invalid` for one without a boundary that can be used. */
export function multipart(contentType: string | undefined, mayBe: (name: string) => boolean): Multipart | null {
  if (!/^multipart\//i.test(contentType ?? '')) return null;
  const boundary = BOUNDARY.exec(contentType ?? '')?.[2];
  if (boundary === undefined) throw invalid('is multipart without a boundary of 16 to 70 characters. Send multipart/form-data.');
  const fresh = Array.from(boundary, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const reader = { opening: `--${boundary}`, fresh: `--${fresh}`, mayBe };
  return { contentType: `multipart/form-data; boundary=${fresh}`, through: (body) => partsThrough(body, reader) };
}

type Reader = { readonly opening: string; readonly fresh: string; readonly mayBe: (name: string) => boolean };

/** Where in the body it is: before its first part, in the head of one, in what it holds, or after the last. */
type Place = 'opening' | 'head' | 'content' | 'end';
/** What goes on, how much was read for it, and what comes next; null: more has to come first. */
type Step = { readonly on: Buffer; readonly bytes: number; readonly next: Place } | null;

async function* partsThrough(body: AsyncIterable<Buffer>, reader: Reader): AsyncGenerator<Buffer> {
  let place: Place = 'opening';
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let step: Step = steps[place](rest, reader); step !== null; step = steps[place](rest, reader)) {
      if (step.on.length > 0) yield step.on;
      rest = rest.subarray(step.bytes);
      place = step.next;
    }
  }
  if (place !== 'end' || (rest.length > 0 && rest.toString('latin1') !== CRLF)) throw invalid('was cut off. Send it again, in full.');
  if (rest.length > 0) yield rest;
}

const steps: Readonly<Record<Place, (rest: Buffer, reader: Reader) => Step>> = {
  opening: (rest, { opening, fresh }) => {
    const line = opening + CRLF;
    if (rest.length < line.length) return null;
    if (rest.toString('latin1', 0, line.length) !== line) throw invalid('does not begin with its boundary.');
    return { on: Buffer.from(fresh + CRLF), bytes: line.length, next: 'head' };
  },
  head: (rest, { mayBe }) => {
    const end = rest.indexOf(CRLF + CRLF);
    if (end > HEAD_BYTES_MAX || (end === -1 && rest.length > HEAD_BYTES_MAX)) throw invalid('a part has too long a head.');
    if (end === -1) return null;
    const name = nameIn(rest.toString('latin1', 0, end));
    if (!mayBe(name)) throw invalid(`the field ${name} is none of such a call. Leave it out.`);
    const bytes = end + 2 * CRLF.length;
    return { on: rest.subarray(0, bytes), bytes, next: 'content' };
  },
  content: (rest, { opening, fresh }) => {
    const line = CRLF + opening;
    const at = rest.indexOf(line);
    if (at === -1) return contentUpTo(rest, rest.length - line.length + 1);
    const after = rest.toString('latin1', at + line.length, at + line.length + 2);
    if (after.length < 2) return contentUpTo(rest, at);
    if (after !== CRLF && after !== '--') throw invalid('holds its boundary in other words.');
    const on = Buffer.concat([rest.subarray(0, at), Buffer.from(CRLF + fresh + after)]);
    return { on, bytes: at + line.length + 2, next: after === CRLF ? 'head' : 'end' };
  },
  end: (rest) => {
    if (rest.length > CRLF.length) throw invalid('goes on after its end.');
    return null;
  },
};
const contentUpTo = (rest: Buffer, bytes: number): Step => (bytes > 0 ? { on: rest.subarray(0, bytes), bytes, next: 'content' } : null);

const VALUE = `(?:"[^"\\\\]*"|[\\w.!#$%&'*+^\`|~-]+)`;
/** As all clients write it, one name and the rest of the file. */
const DISPOSITION = new RegExp(
  `^form-data *; *name=(${VALUE})(?: *; *filename=${VALUE})?(?: *; *filename\\*=[\\w.!#$%&'*+^\`|~-]+)?$`,
  'i',
);
const OTHERS = /^content-(type|length|transfer-encoding)$/i;

/** The name of a part that says it once, in a head that nobody reads otherwise. */
function nameIn(head: string): string {
  const names: string[] = [];
  for (const line of head.split(CRLF)) {
    const [, header = '', value = ''] = /^([\w-]+): *([ -~\x80-\xff]*)$/.exec(line) ?? [];
    const name = /^content-disposition$/i.test(header) ? DISPOSITION.exec(value)?.[1] : undefined;
    if (name !== undefined) names.push(name.replace(/^"|"$/g, ''));
    else if (!OTHERS.test(header)) throw invalid('the head of a part is none of a field with a name.');
  }
  const [only, ...others] = names;
  if (only === undefined || others.length > 0) throw invalid('a part has no name, or several.');
  return only;
}
