import { AppError } from '@keyturn/contracts';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { bodyReader } from './read-body.ts';

const KB = 1_024;
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** What is so short goes no deeper than can be looked through. */
const SHORT_BYTES = 2 * KB;

/** Parses a JSON body of up to so many bytes. 400 where it is no JSON in UTF-8, or was cut off; 413 larger; 415 compressed; 422 a text that can't be kept; 503 crowded out
 *  while it came. */
const jsonUpTo = (bytesMax: number): RequestHandler => {
  const readBody = bodyReader({ bytesMax });
  return async (req, res, next) => {
    if (!req.is('application/json')) return next();
    req.body = parseJson(await readBody(req, res));
    next();
  };
};
/** A JSON body of up to 64 kB, which is more than any one thing needs. */
export const jsonBody: RequestHandler = jsonUpTo(64 * KB);
/** One of up to 2 MB, for lists of things. */
export const largeJsonBody: RequestHandler = jsonUpTo(2_048 * KB);

/** The JSON of a body. Throws 400 where it is none in UTF-8, 422 where it holds a text that can't be kept. */
export function parseJson(bytes: Buffer): unknown {
  try {
    const text = utf8.decode(bytes);
    return bytes.length <= SHORT_BYTES && !text.includes('\\') ? JSON.parse(text) : JSON.parse(text, storable);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('request.malformed', 'The body is not JSON in UTF-8, or is cut off. Send JSON with content-type application/json.', {
      cause,
    });
  }
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair, and no field of ours has a use for them. In JSON that is UTF-8 nothing but an escape can say
 *  one, and to look at each value takes several times as long as to parse. */
function storable(field: string, value: unknown): unknown {
  if (typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0'))) return value;
  throw new AppError('request.invalid', `${field}: holds a character that can't be kept (NUL, or half of a surrogate pair). Leave it out.`);
}

/** The body as the schema wants it. Throws 400 where it did not come as JSON, 422 naming each field and rule. */
export function readJson<Schema extends z.ZodType>(schema: Schema, req: Request): z.infer<Schema> {
  if (req.body === undefined) {
    throw new AppError('request.malformed', 'The body is missing, or is not JSON. Send JSON with content-type application/json.');
  }
  return schema.parse(req.body);
}
