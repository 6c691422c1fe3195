import type { PersonIds } from '@keyturn/contracts';
import { canonicalWaId } from '@keyturn/domain';
import type { Flags } from './ids.ts';
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
function keysOf({ waId, bsuid, parentBsuid }: PersonIds): string[] {
  const keys: string[] = [];
  if (waId !== undefined) keys.push(`w:${canonicalWaId(waId)}`);
  if (bsuid !== undefined) keys.push(`u:${bsuid}`);
  if (parentBsuid !== undefined) keys.push(`p:${parentBsuid}`);
  return keys;
}

/** Reads `contacts[]`; what can't be read of it is left out. Of two entries for one person the first is found, the second stays untaken. */
export function contactBook(contacts: unknown, path: string): ContactBook {
  const entries: ContactEntry[] = [];
  for (const { value, path: at } of placedOf(contacts, path)) {
    const json = objectOf(value);
    if (json) entries.push(entryOf(json, at));
  }
  const [only] = entries;
  return only && entries.length === 1 ? bookOfOne(only) : bookOfMany(entries);
}

/** Almost every change has one entry, which needs no index. */
function bookOfOne(entry: ContactEntry): ContactBook {
  let taken = false;
  return {
    find(person) {
      if (!isSame(entry.ids, person)) return undefined;
      taken = true;
      return entry;
    },
    untaken: () => (taken || entry.keyHash === undefined ? [] : [entry]),
  };
}
const isSame = (one: PersonIds, other: PersonIds): boolean =>
  (one.waId !== undefined && other.waId !== undefined && canonicalWaId(one.waId) === canonicalWaId(other.waId)) ||
  (one.bsuid !== undefined && one.bsuid === other.bsuid) ||
  (one.parentBsuid !== undefined && one.parentBsuid === other.parentBsuid);

function bookOfMany(entries: readonly ContactEntry[]): ContactBook {
  const found = new Map<string, ContactEntry>();
  for (const entry of entries) for (const key of keysOf(entry.ids)) if (!found.has(key)) found.set(key, entry);
  const taken = new Set<ContactEntry>();
  return {
    find(person) {
      for (const key of keysOf(person)) {
        const entry = found.get(key);
        if (entry) return taken.add(entry) && entry;
      }
      return undefined;
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

/** An identifier that cannot be names nobody here; the item that it belongs to says so itself. */
const unheard: Flags = new Set();
function entryOf(json: Json, path: string): ContactEntry {
  const profile = objectOf(json.profile);
  return {
    ids: readPerson(json, contactKeys, unheard),
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
