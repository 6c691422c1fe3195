import { createHash } from 'node:crypto';
import type { ConsentFact } from '@keyturn/contracts';
import { type Identifier, identifierParts } from '@keyturn/domain';

/** Of one statement about one identifier always the same, so that one that comes again is known, whoever sends it, and in whatever scope the identifier is by
 *  then. */
export function factIdOf(as: Identifier, { kind, categories, source, evidence, occurredAt }: ConsentFact): string {
  const who = Object.values(identifierParts(as));
  const content = JSON.stringify([...who, kind, categories, source, new Date(occurredAt).toISOString(), evidence]);
  return `stated:${createHash('sha256').update(content).digest('base64url')}`;
}
