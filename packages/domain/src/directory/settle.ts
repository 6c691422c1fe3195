import { type Answers, answering, type Component, type Pin } from './contact-at.ts';
import { derive, type View } from './derive.ts';
import { type Directory, type DirectoryFact, observeFacts } from './facts.ts';
import { firstSight } from './first-sight.ts';
import type { Identifier } from './identifier.ts';
import { joinMoves, type Kept, keptStretches } from './moves.ts';
import { identifiersOf, type Period, periodsOf, turnsIn } from './periods.ts';
import { signalsOf } from './signals.ts';
import { type LinkRow, steadyLink } from './steady.ts';
import { type ContactSignal, type DirectoryTold, type Known, tell } from './tell.ts';

/** All there is to store of a component, and what to tell. */
export type Settled = {
  readonly directory: Directory;
  /** Every id pinned here, the new ones among them. */
  readonly pins: readonly Pin[];
  readonly newPins: readonly Pin[];
  readonly periods: readonly Period[];
  readonly links: readonly LinkRow[];
  readonly signals: readonly ContactSignal[];
  readonly told: DirectoryTold;
  /** What was so before, for whoever writes only what changed. */
  readonly before: Component & { readonly periods: readonly Period[]; readonly signals: readonly ContactSignal[] };
};
type Derived = { readonly view: View; readonly turns: ReturnType<typeof turnsIn>; readonly identifiers: ReadonlySet<Identifier> };

/** Takes facts into a component and tells what follows. Whoever they are about, and whoever has facts that they divide, has a contact
 *  afterwards. `component` has everything tied to the identifiers of the facts; all facts in one step, or one by one in any order,
 *  give the same persons, signals and periods. */
export const settle = (component: Component, facts: readonly DirectoryFact[], newContactId: () => string): Settled =>
  firstSight(component, facts, newContactId) ?? settleAll(component, facts, newContactId);

/** The same of any component. */
export function settleAll(component: Component, facts: readonly DirectoryFact[], newContactId: () => string): Settled {
  const directory = observeFacts(component.directory, facts);
  const [was, is] = [deriveAll(component.directory), deriveAll(directory)];
  const old = answering(was.view, component.pins);
  const now = answering(is.view, component.pins);
  const newPins: Pin[] = [];
  const need = (identifier: Identifier, at: number) => {
    if (now.at(identifier, at) !== undefined) return;
    const pin = { contactId: newContactId(), identifier, at };
    newPins.push(pin);
    now.pin(pin);
  };
  for (const { carried, at } of concerned(facts, directory)) need(carried[0], at);
  const kept = keptStretches(directory, was.turns, is.turns).map((stretch) => ({
    ...stretch,
    leaves: old.at(stretch.identifier, stretch.from),
  }));
  for (const { identifier, seen, leaves } of kept) if (leaves !== undefined) need(identifier, seen);
  const pins = [...component.pins, ...newPins];
  const [before, after] = [known(was, old, component.pins), known(is, now, pins)];
  const told = tell(before, after, moved(kept, now));
  return {
    directory,
    pins,
    newPins,
    periods: after.periods,
    links: linkRows(is.view, directory, after.periods),
    signals: after.signals,
    told,
    before: { directory: component.directory, pins: component.pins, periods: before.periods, signals: before.signals },
  };
}

function deriveAll(directory: Directory): Derived {
  const view = derive(directory);
  return { view, turns: turnsIn(view), identifiers: identifiersOf(directory) };
}
function known({ view, turns, identifiers }: Derived, answers: Answers, pins: readonly Pin[]): Known {
  const periods = [...identifiers].flatMap((identifier) => periodsOf(view, answers, identifier, turns(identifier)));
  const signals = signalsOf(view).flatMap(({ person, signal, at }) => {
    const contactId = answers.of(person);
    return contactId === undefined ? [] : [{ contactId, signal, at }];
  });
  return { pins, answers, periods, signals };
}

/** Whoever an item is about, whoever a report says has moved, whoever a split has set apart. */
const concerned = (facts: readonly DirectoryFact[], { reports, splits }: Directory) => [
  ...facts.flatMap((fact) => (fact.type === 'item' ? [{ carried: fact.carried, at: fact.at }] : [])),
  ...Object.values(reports).map(({ current, at }) => ({ carried: current, at })),
  ...Object.values(splits),
];

function moved(kept: readonly (Kept & { leaves: string | undefined })[], now: Answers) {
  return joinMoves(
    kept.flatMap(({ identifier, from, to, leaves }) => {
      const joins = now.at(identifier, from);
      return leaves === undefined || joins === undefined || joins === leaves ? [] : [{ identifier, from, to, leaves, joins }];
    }),
  );
}

function linkRows(view: View, { links }: Directory, periods: readonly Period[]): LinkRow[] {
  const rows = Map.groupBy(periods, ({ identifier }) => identifier);
  return Object.values(links).map((link) => steadyLink(view, link, rows.get(link.head) ?? []));
}
