import { derive, personAt, type View } from './derive.ts';
import type { Directory } from './facts.ts';
import type { Identifier } from './identifier.ts';

/** A contactId is pinned to the identifier and instant it was first needed for. */
export type Pin = { readonly contactId: string; readonly identifier: Identifier; readonly at: number };
/** Facts that are tied to each other, and the contact ids pinned among them. */
export type Component = { readonly directory: Directory; readonly pins: readonly Pin[] };
/** Which contact answers for whom: a person answers to the smallest id pinned in it. */
export type Answers = {
  readonly of: (person: string) => string | undefined;
  readonly at: (identifier: Identifier, at: number) => string | undefined;
  /** Pins one more id. */
  readonly pin: (pin: Pin) => void;
};

/** Which contact answers for an identifier at an instant; undefined where nobody was needed yet. */
export const contactAt = ({ directory, pins }: Component): Answers['at'] => answering(derive(directory), pins).at;

/** Each person with a pin has one contact, and each contact that answers is one person. */
export function answering(view: View, pins: readonly Pin[]): Answers {
  const contacts = new Map<string, string>();
  const pin = ({ contactId, identifier, at }: Pin) => {
    const person = personAt(view, identifier, at);
    const known = contacts.get(person);
    if (known === undefined || contactId < known) contacts.set(person, contactId);
  };
  for (const one of pins) pin(one);
  const of = (person: string) => contacts.get(person);
  return { of, at: (identifier, at) => of(personAt(view, identifier, at)), pin };
}
