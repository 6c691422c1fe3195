import { STATUS_CODES } from 'node:http';
import { AppError, errorCodes, type Problem } from '@keyturn/contracts';
import { ZodError } from 'zod';

type Refusal = Error & { status?: number; type?: string };

/** A problem document of these parts. */
export const problem = (status: number, code: string, detail: string, more: Record<string, unknown> = {}): Problem => ({
  ...more,
  type: `urn:keyturn:problem:${code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  code,
  detail,
});

const fieldOf = (path: readonly PropertyKey[]): string => (path.length === 0 ? 'the body' : path.map(String).join('.'));

/** `field: rule` of each thing that is wrong; the rule says what would be right. */
function invalid(error: ZodError): Problem {
  const errors = error.issues.map(({ path, message }) => ({ field: fieldOf(path), rule: message }));
  const list = errors.map(({ field, rule }) => `${field}: ${rule}`).join('; ');
  return problem(422, 'request.invalid', `The request can't be used. ${list}. Correct it and send it again.`, { errors });
}

/** What express and its body parsers refuse themselves. */
function refused(error: Refusal): Problem | null {
  if (error.type === 'entity.parse.failed') {
    return problem(400, 'request.malformed', 'The body is not JSON, or is cut off. Send JSON with content-type application/json.');
  }
  if (error.type === 'entity.too.large')
    return problem(413, 'request.too_large', 'The body is larger than this route takes. Send less at once.');
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500) {
    return problem(error.status, 'request.malformed', `The request can't be read: ${error.message}.`);
  }
  return null;
}

/** Answers the problem document (RFC 9457) of any error. Of one we did not name it says nothing but that: it may hold secrets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AppError) return problem(errorCodes[error.code].status, error.code, error.message, error.detail);
  if (error instanceof ZodError) return invalid(error);
  const other = error instanceof Error ? refused(error) : null;
  return other ?? problem(500, 'internal', 'Something failed on our side. It was logged; try again later.');
}
