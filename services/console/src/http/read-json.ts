import { AppError } from '@keyturn/contracts';
import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';

/** Parses a JSON body of up to 64 kB. */
export const jsonBody: RequestHandler = express.json({ limit: '64kb' });

/** The body as the schema wants it. Throws 400 where it did not come as JSON, 422 naming each field and rule. */
export function readJson<Schema extends z.ZodType>(schema: Schema, req: Request): z.infer<Schema> {
  if (req.body === undefined) {
    throw new AppError('request.malformed', 'The body is missing, or is not JSON. Send JSON with content-type application/json.');
  }
  return schema.parse(req.body);
}
