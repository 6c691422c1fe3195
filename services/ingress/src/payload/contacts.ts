import type { PersonIds } from '@keyturn/contracts';
import { canonicalWaId } from '@keyturn/domain';
import { type Json, objectOf, placedOf, textOf } from './json.ts';
import { contactKeys, readPerson } from './person.ts';

/** One entry of `contacts[]`: what it says of the person whose message or status stands beside it. */
export type ContactEntry = {
  readonly ids: PersonIds;
  readonly profileName: string | undefined;
  readonly username: string | undefined;
  /** As it came; whoever takes it, reads and flags it. */
  readonly keyHash: unknown;
  readonly path: string;
  readonly json: Json;
};
/** The `contacts[]` of one change. Their order need not be that of the messages, so they are found by identifier, never by index. */
export type ContactBook = {
  find(person: PersonIds): ContactEntry | undefined;
  /** The entries that carry a key hash which no item took: nothing of that kind gets lost in silence. */
  untaken(): readonly ContactEntry[];
};

/** Number before BSUID before parent, as they identify. */
const keysOf = ({ waId, bsuid, parentBsuid }: PersonIds): string[] => [
  ...(waId === undefined ? [] : [`w:${canonicalWaId(waId)}`]),
  ...(bsuid === undefined ? [] : [`u:${bsuid}`]),
  ...(parentBsuid === undefined ? [] : [`p:${parentBsuid}`]),
];

/** Reads `contacts[]`; what can't be read of it is left out. Of two entries for one person the first is found, the second stays untaken. */
export function contactBook(contacts: unknown, path: string): ContactBook {
  const entries: ContactEntry[] = [];
  for (const { value, path: at } of placedOf(contacts, path)) {
    const json = objectOf(value);
    if (json) entries.push(entryOf(json, at));
  }
  const found = new Map<string, ContactEntry>();
  for (const entry of entries) for (const key of keysOf(entry.ids)) if (!found.has(key)) found.set(key, entry);
  const taken = new Set<ContactEntry>();
  return {
    find(person) {
      const entry = keysOf(person)
        .map((key) => found.get(key))
        .find((candidate) => candidate !== undefined);
      if (entry) taken.add(entry);
      return entry;
    },
    untaken: () => entries.filter((entry) => entry.keyHash !== undefined && !taken.has(entry) && !repeats(entry)),
  };

  function repeats(entry: ContactEntry): boolean {
    return keysOf(entry.ids).some((key) => {
      const first = found.get(key);
      return first !== undefined && taken.has(first) && first.keyHash === entry.keyHash;
    });
  }
}

function entryOf(json: Json, path: string): ContactEntry {
  const profile = objectOf(json.profile);
  return {
    // Flags are dropped: an identifier that cannot be names nobody here; the item that it belongs to says so itself.
    ids: readPerson(json, contactKeys, new Set()),
    profileName: textOf(profile?.name, 512),
    username: textOf(profile?.username, 256)?.replace(/^@/, '') || undefined,
    keyHash: json.identity_key_hash ?? undefined,
    path,
    json,
  };
}

/** The person with what the entry adds. What the item itself says wins; an entry that contradicts it adds nothing. */
export function lend(person: PersonIds, entry: ContactEntry | undefined): PersonIds {
  if (!entry) return person;
  const contradicts =
    differ(person.waId && canonicalWaId(person.waId), entry.ids.waId && canonicalWaId(entry.ids.waId)) ||
    differ(person.bsuid, entry.ids.bsuid) ||
    differ(person.parentBsuid, entry.ids.parentBsuid);
  return contradicts ? person : { ...entry.ids, ...person };
}
const differ = (one: string | undefined, other: string | undefined): boolean => one !== undefined && other !== undefined && one !== other;
