import { hash } from 'node:crypto';
import type { Change } from './normalized.ts';

const ID_CHARACTERS = 22;
/** Far deeper than anything Meta sends, far shallower than the stack. */
const DEPTH_MAX = 256;

/** An id that comes from the content alone: the same parts give the same id. 22 characters base64url, 132 bits of SHA-256. */
export const eventId = (...parts: readonly (string | undefined)[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url').slice(0, ID_CHARACTERS);

/** The id of what carries none: of its type, to which of our numbers, and all that it says; of what is nested too deep, of its place. */
export const contentId = (change: Pick<Change, 'webhook' | 'phoneNumberId'>, type: string, content: unknown, path: string): string =>
  eventId(type, change.phoneNumberId, canonicalJson(content) ?? `${change.webhook.webhookId} ${path}`);

/** JSON with sorted keys and no blanks: equal for equal values, however they were written. Undefined for a value nested deeper than 256. */
export function canonicalJson(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth >= DEPTH_MAX) return undefined;
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const element of value) {
      const part = canonicalJson(element, depth + 1);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    return `[${parts.join(',')}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const part = canonicalJson((value as Record<string, unknown>)[key], depth + 1);
    if (part === undefined) return undefined;
    parts.push(`${JSON.stringify(key)}:${part}`);
  }
  return `{${parts.join(',')}}`;
}
