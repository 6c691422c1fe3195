import { ascending, type Book, bounds, periodAt, periodName, type Tie } from './book.ts';
import type { Change } from './changes.ts';
import { holder, locate, type View } from './derive.ts';

/** What speaks for another holder: `number_change:<prev>><cur>@<at>`, `number_lost:<number>@<at>` or `bsuid:<identifier>`. */
export type PersonSignal = { readonly person: string; readonly signal: string; readonly at: number };

/** Every signal of every person, each once, at the earliest instant it speaks of. */
export function signalsOf(view: View): PersonSignal[] {
  const earliest = new Map<string, PersonSignal>();
  for (const one of [...changeSignals(view), ...bsuidSignals(view)]) {
    const key = `${one.person} ${one.signal}`;
    const known = earliest.get(key);
    if (!known || one.at < known.at) earliest.set(key, one);
  }
  return [...earliest.values()];
}

/** Both ends of a change have it, the new one unless split; whoever held the new number before has lost it, unless he left in that second. */
function changeSignals(view: View): PersonSignal[] {
  const left = new Set(view.changes.map(({ from, at }) => periodName(from, at)));
  return view.changes.flatMap((change: Change) => {
    const { from, to, at, report } = change;
    const holderAt = (number: Change['to'], when: number) => holder(view, number, bounds(view.book, number, when).from);
    const signal = `number_change:${report.previous[0]}>${report.current[0]}@${at}`;
    return [
      { person: holderAt(from, at - 1), signal, at },
      ...(view.isSplit(change) ? [] : [{ person: holderAt(to, at), signal, at }]),
      ...(left.has(periodName(to, at)) ? [] : [{ person: holderAt(to, at - 1), signal: `number_lost:${to}@${at}`, at }]),
    ];
  });
}

/** A meeting of an identifier with a holder of a number. `own`: the identifier's period in which it was seen. */
type Meeting = PersonSignal & { readonly identifier: string; readonly among: string; readonly own: string };

/** Two BSUIDs of one namespace with one holder of a number, or one BSUID with two persons: number and BSUID disagree. */
function bsuidSignals(view: View): PersonSignal[] {
  const met = meetings(view).sort((a, b) => a.at - b.at || (a.identifier < b.identifier ? -1 : 1));
  const firstAmong = new Map<string, string>();
  const onlyPerson = new Map<string, string | null>();
  for (const { among, own, identifier, person } of met) {
    if (!firstAmong.has(among)) firstAmong.set(among, identifier);
    const known = onlyPerson.get(own);
    onlyPerson.set(own, known === undefined || known === person ? person : null); // null: more than one
  }
  return met
    .filter(({ among, own, identifier }) => firstAmong.get(among) !== identifier || onlyPerson.get(own) === null)
    .map(({ person, signal, at }) => ({ person, signal, at }));
}

/** Of a pair only the first and last time are known: whoever held the number between them was met too. */
function meetings(view: View): Meeting[] {
  const { book } = view;
  const all = [...book.ties.values()].flat();
  let turns: number[] | undefined;
  const everyTurn = () => {
    turns ??= ascending([...[...book.boundaries.values()].flat(), ...all.map(({ first }) => first)]);
    return turns;
  };
  return all.flatMap((tie) => {
    const instants = book.ties.has(tie.head) ? everyTurn() : ownTurns(book, tie);
    const seen = [tie.first, ...instants.filter((at) => at > tie.first && at < tie.last), ...(tie.last > tie.first ? [tie.last] : [])];
    return seen.map((at) => meeting(view, tie, at));
  });
}
/** Where the head is a number, nothing else divides the time of a pair. */
const ownTurns = (book: Book, { identifier, head }: Tie) => [
  ...(book.boundaries.get(identifier) ?? []),
  ...(book.boundaries.get(head) ?? []),
];

function meeting(view: View, { identifier, head, first }: Tie, seen: number): Meeting {
  const { number, from } = locate(view, head, seen);
  const namespace = identifier.slice(0, identifier.lastIndexOf(':'));
  return {
    identifier,
    person: holder(view, number, from),
    signal: `bsuid:${identifier}`,
    at: Math.max(first, from), // a later sighting never moves it
    among: `${periodName(number, from)} ${namespace}`,
    own: periodAt(view.book, identifier, seen),
  };
}
