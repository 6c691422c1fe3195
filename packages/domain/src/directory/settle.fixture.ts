import type { Component } from './contact-at.ts';
import { type DirectoryFact, noDirectory } from './facts.ts';
import { type Settled, settle } from './settle.ts';

/** Contact ids that grow: c01, c02, … */
export function contactIds(): () => string {
  let made = 0;
  return () => `c${String(++made).padStart(2, '0')}`;
}
/** A component in which nobody is known. */
export const nobody: Component = { directory: noDirectory, pins: [] };

/** Takes batch after batch, and gives what every one of them came to. */
export function takeBatches(batches: readonly (readonly DirectoryFact[])[]): Settled[] {
  const newContactId = contactIds();
  let component = nobody;
  return batches.map((batch) => {
    const settled = settle(component, batch, newContactId);
    component = { directory: settled.directory, pins: settled.pins };
    return settled;
  });
}
/** Takes one fact after the other, and gives the last state. */
export const takeOneByOne = (facts: readonly DirectoryFact[]): Component => takeBatches(facts.map((fact) => [fact])).at(-1) ?? nobody;
