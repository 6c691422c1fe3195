import { Age, ConsentCategory, EvidenceKind, IdentityChangeAwaits, type IdentityChangesFilter } from '@keyturn/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The options by which a command says which open changes it means. */
export type FilterOptions = {
  signal?: EvidenceKindName;
  number?: string;
  olderThan?: string;
  stake?: ConsentCategory;
  awaits?: IdentityChangeAwaits;
  group?: string;
};
type EvidenceKindName = NonNullable<IdentityChangesFilter['signal']>;

/** Gives a command the filters of the queue. */
export const withFilters = (command: Command): Command =>
  command
    .addOption(new Option('--signal <kind>', 'only those with this evidence').choices(EvidenceKind.options))
    .option('--number <phoneNumberId>', 'only those seen on this number of ours')
    .option('--older-than <age>', 'only those blocked for longer: 15m, 4h, 3d', ageOf)
    .addOption(new Option('--stake <category>', 'only those opted in to this').choices(ConsentCategory.options))
    .addOption(new Option('--awaits <whom>', 'only those whose turn it is').choices(IdentityChangeAwaits.options))
    .option('--group <group>', 'one storm, as `keyturn storms` names it');

/** The filter that the options say, and no more. */
export function filterOf({ signal, number, olderThan, stake, awaits, group }: FilterOptions): IdentityChangesFilter {
  const named = { signal, phoneNumberId: number, olderThan, stake, awaits, group };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function ageOf(text: string): string {
  const parsed = Age.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It is a count of minutes, hours or days: 15m, 4h or 3d.');
}
