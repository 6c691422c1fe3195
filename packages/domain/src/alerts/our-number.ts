import type { AlertFacts } from '@keyturn/contracts';
import { groupedNumber } from '../account/grouped-number.ts';

/** How a language sets apart what is not its own, and what stands between two things. */
type Setting = { readonly apart: (text: string) => string; readonly separator: string };

/** A number of ours as people call it: by its name and itself, as far as these are known, else by its id. */
export function ourNumber(facts: AlertFacts, id: string, setting: Setting): string {
  const called = calledOf(knownOf(facts, id));
  return said(called.length === 0 ? [id] : called, setting);
}

/** The same with its id on the platform, which is what one searches for. */
export function ourNumberWithId(facts: AlertFacts, id: string, setting: Setting): string {
  const known = knownOf(facts, id);
  return said([...calledOf(known), ...(known.number === id ? [] : [id])], setting);
}

type Known = { readonly name: string | null; readonly number: string | null };
/** An alert that was made before `ourNumbers` were knows the name of its subject alone. */
const knownOf = ({ ourNumbers = [], subject, name }: AlertFacts, id: string): Known =>
  ourNumbers.find((one) => one.id === id) ?? { name: id === subject ? name : null, number: null };

const calledOf = ({ name, number }: Known): string[] => [name, number && groupedNumber(number)].filter((part) => part !== null);

const said = ([first = '–', ...rest]: readonly string[], { apart, separator }: Setting): string =>
  rest.length === 0 ? apart(first) : `${apart(first)} (${rest.map(apart).join(separator)})`;
