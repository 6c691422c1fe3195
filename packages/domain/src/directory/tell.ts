import type { Answers, Pin } from './contact-at.ts';
import type { Move } from './moves.ts';
import type { Period } from './periods.ts';

/** A signal of a contact. */
export type ContactSignal = { readonly contactId: string; readonly signal: string; readonly at: number };
/** What follows for contacts from facts taken in. A contact that is told of otherwise is not told to be split or identified as well. */
export type DirectoryTold = {
  /** New, or back from a merge that a split undid. */
  readonly created: readonly string[];
  readonly merged: readonly { readonly contactId: string; readonly into: string }[];
  readonly identified: readonly string[];
  readonly numberChanged: readonly string[];
  readonly split: readonly string[];
  readonly moves: readonly Move[];
};
/** What is known of contacts before or after. */
export type Known = {
  readonly pins: readonly Pin[];
  readonly answers: Answers;
  readonly periods: readonly Period[];
  readonly signals: readonly ContactSignal[];
};

/** Names the contacts that came, went or changed. */
export function tell(was: Known, is: Known, moves: readonly Move[]): DirectoryTold {
  const [before, after] = [alive(was), alive(is)];
  const stayed = [...after].filter((contactId) => before.has(contactId));
  const [changesBefore, changesAfter] = [changes(was), changes(is)];
  const [namesBefore, namesAfter] = [names(was), names(is)];
  const grew = (contactId: string, from: Map<string, number>, to: Map<string, number>) =>
    (to.get(contactId) ?? 0) > (from.get(contactId) ?? 0);
  const numberChanged = stayed.filter((contactId) => grew(contactId, changesBefore, changesAfter));
  const left = new Set(moves.map((move) => move.leaves));
  const untold = stayed.filter((contactId) => !numberChanged.includes(contactId));
  return {
    moves,
    numberChanged,
    created: [...after].filter((contactId) => !before.has(contactId)),
    merged: was.pins.flatMap(({ contactId, identifier, at }) => {
      const into = is.answers.at(identifier, at);
      return before.has(contactId) && !after.has(contactId) && into !== undefined ? [{ contactId, into }] : [];
    }),
    identified: untold.filter((contactId) => grew(contactId, namesBefore, namesAfter)),
    split: untold.filter((contactId) => left.has(contactId)),
  };
}
/** The contacts that answer for somebody. */
const alive = ({ pins, answers }: Known) => new Set(pins.flatMap(({ identifier, at }) => answers.at(identifier, at) ?? []));
const changes = ({ signals }: Known) => count(signals.filter(({ signal }) => signal.startsWith('number_change:')));
/** How many identifiers denote a contact at some time. */
const names = ({ periods }: Known) =>
  count([
    ...new Map(
      periods.flatMap(({ identifier, contactId }) => (contactId === null ? [] : [[`${contactId} ${identifier}`, { contactId }]])),
    ).values(),
  ]);
function count(named: readonly { contactId: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { contactId } of named) counts.set(contactId, (counts.get(contactId) ?? 0) + 1);
  return counts;
}
