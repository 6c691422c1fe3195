import type { Problem } from '@keyturn/contracts';

/** What is wrong with which field of a form, by the field's path: the API's code for it; empty where it has none. */
export type Faults = Readonly<Record<string, string>>;
type Named = { readonly field: string; readonly code?: string };

const isNamed = (error: unknown): error is Named => typeof error === 'object' && error !== null && 'field' in error;

/** At which fields a refusal stands: what is wrong with one of a list is wrong with the list. */
export function faultsOf({ errors }: Problem): Faults {
  const named = Array.isArray(errors) ? errors.filter(isNamed) : [];
  return Object.fromEntries(named.map(({ field, code }) => [placeOf(field), code ?? '']));
}

const placeOf = (field: string): string => {
  const path = field.replace(/^(rule|route)\./, '');
  return /^escalate\.\d+$/.test(path) ? 'escalate' : path.replace(/\.\d+$/, '');
};

/** A field by the name under which words are kept for it, whichever step of the escalation it is of; of how many webhooks are usual there are others. */
export const fieldOf = (path: string, kind?: unknown): string =>
  kind === 'no_webhooks' && path === 'when.atLeast' ? 'when.usual' : path.replace(/\.\d+(?=\.|$)/, '');
