import { type Item, statusOf, system, text } from '../payload.ts';

/** The identifiers of one telling: three numbers, three BSUIDs, a parent BSUID and a group. */
export type Cast = Readonly<Record<'w' | 'v' | 'z' | 'u' | 'x' | 's' | 'p' | 'g', string>>;
/** An identifier of the cast, so many seconds into the story: `w 60`. */
export type Point = `${keyof Cast} ${number}`;
/** Somebody decides on the block of whoever is there, which names this key hash; or the business bars them. */
export type Act =
  | { readonly verdict: 'same_person' | 'different_person'; readonly on: Point; readonly names: string | null }
  | { readonly verdict: 'barred'; readonly on: Point };

/** What happens around one person, by two of the things that can happen, and what everybody is to hear of it. */
export type Story = {
  readonly name: string;
  /** Facts, with one act between each two groups of them. The first fact of all blocks nobody. */
  readonly facts: (cast: Cast) => readonly (readonly Item[])[];
  readonly acts?: readonly Act[];
  /** By points: who is there (a letter each), barred by the business, blocked or not, the hash to name, and the kinds of evidence. */
  readonly ends: Readonly<Record<string, string>>;
  /** What is told when the facts come in order, of each contact in the order in which they came to be: see `Heard`. */
  readonly told: readonly string[];
};

let casts = 0;
/** Identifiers that nobody else has. */
export function newCast(): Cast {
  const n = String(++casts).padStart(5, '0');
  const numbers = { w: `4915301${n}`, v: `4915302${n}`, z: `4915303${n}` };
  return { ...numbers, u: `DE.1${n}`, x: `DE.2${n}`, s: `DE.3${n}`, p: `DE.ENT.4${n}`, g: `group-5${n}` };
}
/** The cast to which an identifier belongs, by the last digits of it. */
export const castOf = (identifier: string): string => identifier.slice(-5);
/** As the directory has it, of the WABA of `bodyOf`. */
export function identifierOf(cast: Cast, name: keyof Cast): string {
  if (name === 'w' || name === 'v' || name === 'z') return `w:${cast[name]}`;
  return `${name === 'p' ? 'p' : 'u'}:200000000000001:${cast[name]}`;
}
/** The text, with the names and message ids of this telling made those of any. */
export const anonymous = (said: string, cast: Cast): string =>
  Object.entries(cast)
    .reduce((all, [name, value]) => all.replaceAll(value, `<${name}>`), said)
    .replaceAll(/wamid\.[\w.]+/g, '<wamid>');

/** A message under whatever of its sender the platform shows; in a group where `g` is there. */
export const says = ({ w, u, p, g }: { w?: string; u?: string; p?: string; g?: string }, seconds: number, hash: string): Item =>
  text(
    { ...(w === undefined ? {} : { waId: w }), ...(u === undefined ? {} : { bsuid: u }), ...(p === undefined ? {} : { parentBsuid: p }) },
    seconds,
    hash,
    g === undefined ? {} : { group_id: g },
  );
/** A send of ours is refused, since the key has changed: error 137000. */
export const refused = (w: string, seconds: number): Item =>
  statusOf({ waId: w }, seconds, { status: 'failed', errors: [{ code: 137000, title: 'mismatch' }] });
/** The platform reports that a person has another number. */
export const changedNumber = (w: string, v: string, seconds: number): Item =>
  system({ waId: w }, seconds, { type: 'user_changed_number', body: 'changed', wa_id: v });
/** The platform reports that a person has another BSUID, and shows no number. */
export const changedBsuid = (u: string, x: string, seconds: number): Item =>
  system({}, seconds, { type: 'user_changed_user_id', body: 'changed', user_id: x, previous_user_id: u });
/** A group did not get a message of ours, since the key of one of its people has changed. */
export const refusedInGroup = (g: string, w: string, seconds: number): Item =>
  statusOf({ waId: g }, seconds, {
    ...{ status: 'failed', errors: [{ code: 137000, title: 'mismatch' }] },
    ...{ recipient_type: 'group', recipient_participant_id: w },
  });
