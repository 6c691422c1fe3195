import type { ContactIdentifier, PersonIds } from '@keyturn/contracts';
import { canonicalWaId } from '../contact/canonical-wa-id.ts';

/** An identifier as the directory keys it: `w:` a canonical number, `u:` a BSUID, `p:` a parent BSUID, the last two with their namespace
 *  (`u:<namespace>:<value>`), since BSUIDs of two namespaces are never compared. All within one scope. */
export type Identifier = `${'w' | 'u' | 'p'}:${string}`;
/** What one item says of one person: number, else BSUID, else parent first. That first one, the head, is what facts are kept under. */
export type Carried = readonly [head: Identifier, ...others: Identifier[]];

/** The scope of a WABA until a command says which portfolio it belongs to. */
export const DEFAULT_SCOPE = 'default';

/** A BSUID is compared within its portfolio where that is known, else within its WABA. */
export const bsuidNamespace = (scope: string, wabaId: string): string => (scope === DEFAULT_SCOPE ? wabaId : scope);

/** The identifiers of an item in the directory's form, head first; null where it names nobody. */
export function carriedBy({ waId, bsuid, parentBsuid }: PersonIds, namespace: string): Carried | null {
  const [head, ...others] = [
    ...(waId === undefined ? [] : [`w:${canonicalWaId(waId)}` as const]),
    ...(bsuid === undefined ? [] : [`u:${namespace}:${bsuid}` as const]),
    ...(parentBsuid === undefined ? [] : [`p:${namespace}:${parentBsuid}` as const]),
  ];
  return head === undefined ? null : [head, ...others];
}

const kinds = { w: 'wa_id', u: 'bsuid', p: 'parent_bsuid' } as const;
/** Kind and value as people and downstream services see them, without the namespace. */
export function identifierParts(identifier: Identifier): Pick<ContactIdentifier, 'kind' | 'value'> {
  const letter = identifier[0] as keyof typeof kinds;
  const value = letter === 'w' ? identifier.slice(2) : identifier.slice(identifier.indexOf(':', 2) + 1);
  return { kind: kinds[letter], value };
}
