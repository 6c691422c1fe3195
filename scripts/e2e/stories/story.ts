import { type Item, statusOf, system, text } from '../payload.ts';

/** The identifiers of one telling: two numbers, and three BSUIDs. */
export type Cast = Readonly<Record<'w' | 'v' | 'u' | 'x' | 's', string>>;
/** An identifier of the cast, so many seconds into the story: `w 60`. */
export type Point = `${keyof Cast} ${number}`;
/** Somebody decides on the block of whoever is there, which names this key hash. */
export type Act = { readonly verdict: 'same_person' | 'different_person'; readonly on: Point; readonly names: string | null };

/** What happens around one person, by two of the things that can happen, and what everybody is to hear of it. */
export type Story = {
  readonly pair: string;
  /** Facts, with one act between each two groups of them. The first fact of all blocks nobody. */
  readonly facts: (cast: Cast) => readonly (readonly Item[])[];
  readonly acts?: readonly Act[];
  /** By points: who is there (a letter each), blocked or not, the hash to name, and the kinds of evidence. */
  readonly ends: Readonly<Record<string, string>>;
  /** What is told when the facts come in order, of each contact in the order in which they came to be: see `Heard`. */
  readonly told: readonly string[];
};

let casts = 0;
/** Identifiers that nobody else has. */
export function newCast(): Cast {
  const n = String(++casts).padStart(5, '0');
  return { w: `4915301${n}`, v: `4915302${n}`, u: `DE.1${n}`, x: `DE.2${n}`, s: `DE.3${n}` };
}
/** The text, with the names and message ids of this telling made those of any. */
export const anonymous = (said: string, cast: Cast): string =>
  Object.entries(cast)
    .reduce((all, [name, value]) => all.replaceAll(value, `<${name}>`), said)
    .replaceAll(/wamid\.[\w.]+/g, '<wamid>');

/** A message under a number, a BSUID, or both. */
export const says = ({ w, u }: { w?: string; u?: string }, seconds: number, hash: string): Item =>
  text({ ...(w === undefined ? {} : { waId: w }), ...(u === undefined ? {} : { bsuid: u }) }, seconds, hash);
/** A send of ours is refused, since the key has changed: error 137000. */
export const refused = (w: string, seconds: number): Item =>
  statusOf({ waId: w }, seconds, { status: 'failed', errors: [{ code: 137000, title: 'mismatch' }] });
/** The platform reports that a person has another number. */
export const changedNumber = (w: string, v: string, seconds: number): Item =>
  system({ waId: w }, seconds, { type: 'user_changed_number', body: 'changed', wa_id: v });
/** The platform reports that a person has another BSUID, and shows no number. */
export const changedBsuid = (u: string, x: string, seconds: number): Item =>
  system({}, seconds, { type: 'user_changed_user_id', body: 'changed', user_id: x, previous_user_id: u });
