import type { Rehearsal, Rehearsed } from '@keyturn/store';

/** An answer about somebody that would be another: what it is now and what it would be, and which changes would be told of it. */
export type Difference = {
  readonly contactId: string;
  /** Nobody of the contacts there are: somebody would become known. */
  readonly isNew: boolean;
  readonly slice: string;
  readonly types: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  /** Where what first changes it stood: the webhook's SHA-256, and the place in its body. */
  readonly source: Rehearsed['cause']['source'];
  readonly occurredAt: string;
};
/** What would be, in sum: how many changes would be told, by slice and type; about how many people, of whom so many are not known yet; how many
 *  records would end how, by consumer. `differences`: the first of them. */
export type Differences = {
  readonly changes: Readonly<Record<string, number>>;
  readonly contacts: { readonly known: number; readonly new: number };
  readonly ended: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly differences: readonly Difference[];
};

/** Adds rehearsals up, and keeps `max` differences: of one slice of one person, its state before all and after all. */
export function startDifferences(max: number): { add(rehearsal: Rehearsal): void; sum(): Differences } {
  const changes: Record<string, number> = {};
  const ended: Record<string, Record<string, number>> = {};
  const contacts = { known: new Set<string>(), new: new Set<string>() };
  const differences = new Map<string, Difference>();

  function change(one: Rehearsed): void {
    const { contactId, isNew, slice, type, before, after, occurredAt, cause } = one;
    const what = `${slice} ${type}`;
    changes[what] = (changes[what] ?? 0) + 1;
    contacts[isNew ? 'new' : 'known'].add(contactId);
    const name = `${slice} ${contactId}`;
    const first = differences.get(name);
    if (first === undefined && differences.size >= max) return;
    differences.set(
      name,
      first === undefined
        ? { contactId, isNew, slice, types: [type], before, after, source: cause.source, occurredAt }
        : { ...first, types: [...first.types, type], after },
    );
  }
  return {
    add(rehearsal) {
      for (const one of rehearsal.changes) change(one);
      for (const [group, counts] of Object.entries(rehearsal.ended)) {
        const sum = ended[group] ?? {};
        for (const [outcome, count] of Object.entries(counts)) sum[outcome] = (sum[outcome] ?? 0) + count;
        ended[group] = sum;
      }
    },
    sum: () => ({
      ...{ changes, ended, differences: [...differences.values()] },
      contacts: { known: contacts.known.size, new: contacts.new.size },
    }),
  };
}
